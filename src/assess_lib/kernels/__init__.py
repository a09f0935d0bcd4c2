"""Fresh Jupyter kernels forked from a warm process; knows no scoring."""
