"""Provincial figures that the made-up data is measured against."""

from __future__ import annotations

from assess_lib.exact import exact

# Hubei rural disposable income per head, yuan: statistical communiqués of Hubei for each year.
RURAL_INCOME = {2014: 10849, 2015: 11844, 2016: 12725, 2017: 13812, 2018: 14978}
# Made up: provincial averages of basic public services.
SERVICES = {"每千人病床数": 4.6, "九年义务教育巩固率": 95.0, "自来水普及率": 76.0, "垃圾处理率": 62.0}


def rural_income(year: int) -> int:
    """Rural income per head of a year, yuan; beyond the communiqués carried on at 8 % a year."""
    if year in RURAL_INCOME:
        return RURAL_INCOME[year]
    near = min(max(year, min(RURAL_INCOME)), max(RURAL_INCOME))
    return round(float(exact(RURAL_INCOME[near]) * exact(1.08) ** (year - near)))
