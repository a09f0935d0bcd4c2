"""Bad files, each built from a clean sample, with the fault that must be told of it."""
