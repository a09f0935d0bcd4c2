"""What leaves as a file of its own: circular, workbook, differences, the report of a check, the form for replies."""
