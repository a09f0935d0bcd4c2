"""What a page carries for its script."""

from __future__ import annotations

import html
import re


def data_of(page: str) -> str:
    """The data of a page as the text that its script reads."""
    (text,) = re.findall(r'<template id="data">(.*?)</template>', page, re.DOTALL)
    return html.unescape(text)
