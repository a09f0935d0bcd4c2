"""The review of an assessment: who changed what, when, why; knows no data and no scoring."""
