"""Files of their own: circular, workbook, differences, the report of a check, the form for replies."""
