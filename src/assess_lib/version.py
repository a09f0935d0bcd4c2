"""The version of the program, as pages and manifests name it."""

VERSION = "0.1.0"
