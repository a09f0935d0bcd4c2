"""Measurements of speed and memory, each as ratios of contenders in one run: ``make bench``."""
