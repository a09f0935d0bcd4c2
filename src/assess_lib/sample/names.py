"""Made-up names of places, people and units, and ID numbers under a code that no division has."""

from __future__ import annotations

import numpy as np
from stdnum.cn import ric

# 99 stands for no province in GB/T 2260; every number below it belongs to nobody.
DIVISION_NOT_IN_USE = "990"
COUNTIES = (
    ("云汐县", "云岭山区"),
    ("澜岫县", "云岭山区"),
    ("苍垌县", "云岭山区"),
    ("栖霁县", "云岭山区"),
    ("霁湖市", "平渡湖区"),
    ("芦渚县", "平渡湖区"),
    ("沧渡县", "平渡湖区"),
    ("汀洲区", "平渡湖区"),
    ("松坪县", "丘岗地区"),
    ("棠岗县", "丘岗地区"),
    ("槐岭县", "丘岗地区"),
    ("栗塝县", "丘岗地区"),
)
UNIT_TYPES = {
    "省直机关": ("省云栈事务厅", "省澄怀发展局", "省鹤鸣服务局", "省望楚管理局", "省拾光档案馆", "省观澜监测中心"),
    "高等学校": ("楚泽理工学院", "云栈师范学院", "澄江农林大学", "江畔医学院"),
    "省属企业": ("澄江能源集团", "楚帆交通集团", "云梦泽粮油集团", "栖霞建设集团"),
    "金融机构": ("楚泽农商银行", "云栈保险公司"),
}
_VILLAGE_FIRST = "石枫桐梅竹松柳荷杏茶枣桂栗桑槐榆桃梨柏樟杉菱苇兰菊"
_VILLAGE_SECOND = "塆垸畈墈坳坪冲岭坡塘湾桥店铺湖洲嘴圻坝垴"
_VILLAGE_MIDDLE = ("家", "树", "花", "叶", "子", "上", "下", "大", "小", "")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国志文海燕春梅学林红波云飞"


def county_name(number: int) -> tuple[str, str]:
    """(name, area) of a county; beyond the list, numbered ones of the same areas."""
    name, area = COUNTIES[number % len(COUNTIES)]
    again = number // len(COUNTIES)
    return (name if not again else f"{name[:-1]}{again + 1}{name[-1]}"), area


def village_names(rng: np.random.Generator, count: int) -> list[str]:
    """Distinct village names, rare characters of place names among them."""
    every = [a + m + b + "村" for m in _VILLAGE_MIDDLE for a in _VILLAGE_FIRST for b in _VILLAGE_SECOND]
    order = rng.permutation(len(every))
    chosen = [every[n] for n in order[:count]]
    return [*chosen, *(f"{every[order[n % len(every)]][:-1]}{n // len(every)}组村" for n in range(len(every), count))][
        :count
    ]


def person_names(rng: np.random.Generator, count: int) -> list[str]:
    """Names of people, two or three characters."""
    surname = rng.choice(list(_SURNAMES), count)
    first = rng.choice(list(_GIVEN), count)
    second = rng.choice([*_GIVEN, ""], count)
    return [a + b + c for a, b, c in zip(surname, first, second)]


def id_numbers(rng: np.random.Generator, count: int, start: int = 0) -> list[str]:
    """ID numbers with a valid checksum (GB 11643) under a division code that is not in use.

    Distinct over one data set by a running serial that ``start`` continues.
    """
    days = np.datetime64("1936-01-01") + rng.integers(0, 28000, count)
    numbers = []
    for n, day in enumerate(days.astype(str), start=start):
        division = f"{DIVISION_NOT_IN_USE}{n // 1000 % 1000:03d}"
        front = f"{division}{day.replace('-', '')}{n % 1000:03d}"
        numbers.append(front + ric.calc_check_digit(f"{front}0"))  # the digit to be found stands last
    return numbers


def unit_names(count: int) -> list[tuple[str, str]]:
    """(name, type) of dispatching units; beyond the list, numbered branches of the same."""
    listed = [(name, kind) for kind, names in UNIT_TYPES.items() for name in names]
    names = []
    for n in range(count):
        name, kind = listed[n % len(listed)]
        branch = n // len(listed)
        names.append((name if not branch else f"{name}第{branch + 1}分部", kind))
    return names
