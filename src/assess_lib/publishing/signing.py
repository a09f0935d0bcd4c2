"""A detached Ed25519 signature on the manifest, with a key of the office."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from assess_lib.atomic import write_bytes
from assess_lib.faults import Fault, UnusableInput
from assess_lib.publishing.manifest import NAME, PUBLIC_KEY, SIGNATURE


@dataclass(frozen=True)
class Signed:
    """The outcome of checking a signature.

    ``state`` none, valid or invalid; ``key`` the fingerprint of the key; ``trusted`` whether the user gave the key, which
    otherwise was only found beside the signature.
    """

    state: str
    key: str = ""
    trusted: bool = False


def make_key(path: Path, passphrase: str = "") -> tuple[Path, Path]:
    """Make a key of the office: the private one, which only its owner may read, and ``<name>.pub.pem`` for everybody.

    Parameters: ``passphrase`` encrypts the private key where given. Raises UnusableInput when either file exists, OSError.
    """
    public = path.with_name(f"{path.stem}.pub.pem")
    if there := [one for one in (path, public) if one.exists()]:
        raise UnusableInput([Fault("publish.key_exists", str(one)) for one in there])
    key = Ed25519PrivateKey.generate()
    locked = s.BestAvailableEncryption(passphrase.encode()) if passphrase else s.NoEncryption()
    path.parent.mkdir(parents=True, exist_ok=True)
    for place, content, mode in (
        (path, key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, locked), 0o600),
        (public, _public_bytes(key.public_key()), 0o644),
    ):
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
    return path, public


def read_key(path: Path, passphrase: str = "") -> Ed25519PrivateKey:
    """A private key. Raises UnusableInput."""
    try:
        key = s.load_pem_private_key(path.read_bytes(), passphrase.encode() if passphrase else None)
    except (OSError, ValueError, TypeError) as error:
        raise UnusableInput([Fault("publish.key", str(path), details={"why": str(error).splitlines()[0]})]) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnusableInput([Fault("publish.key", str(path), details={"why": type(key).__name__})])
    return key


def sign(folder: Path, key: Ed25519PrivateKey) -> None:
    """Sign the manifest of a folder: 64 bytes in ``manifest.sig``, the public key beside it. Raises OSError."""
    signature = key.sign((folder / NAME).read_bytes())
    write_bytes(folder / PUBLIC_KEY, _public_bytes(key.public_key()))
    write_bytes(folder / SIGNATURE, signature)


def check_signature(folder: Path, public: Path | None = None) -> Signed:
    """The check of a folder's signature on its manifest, by a key that is trusted or by the one beside it.

    Raises UnusableInput when the key that is given cannot be read.
    """
    trusted = public is not None
    if not (folder / SIGNATURE).exists():
        return Signed("none", trusted=trusted)
    try:
        key = _public_key(public or folder / PUBLIC_KEY)
    except UnusableInput:
        if trusted:
            raise
        return Signed("invalid")
    fingerprint = _fingerprint(key)
    try:
        key.verify((folder / SIGNATURE).read_bytes(), (folder / NAME).read_bytes())
    except (InvalidSignature, OSError):
        return Signed("invalid", fingerprint, trusted)
    return Signed("valid", fingerprint, trusted)


def fingerprint_of(public: Path) -> str:
    """The fingerprint of a public key, 16 hexadecimal digits. Raises UnusableInput."""
    return _fingerprint(_public_key(public))


def _fingerprint(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(_public_bytes(key)).hexdigest()[:16]


def _public_key(path: Path) -> Ed25519PublicKey:
    try:
        key = s.load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UnusableInput([Fault("publish.key", str(path), details={"why": str(error).splitlines()[0]})]) from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnusableInput([Fault("publish.key", str(path), details={"why": type(key).__name__})])
    return key


def _public_bytes(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(s.Encoding.PEM, s.PublicFormat.SubjectPublicKeyInfo)
