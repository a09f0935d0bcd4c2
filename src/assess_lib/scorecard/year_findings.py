"""What stands out in the year of all teams, and what follows from it, as sentences: with these a summary begins and ends."""

from __future__ import annotations

from assess_lib.scorecard.wording import day_text, mean_text
from assess_lib.scorecard.year_summary import YearSummary, counties
from assess_lib.scoring import awards
from assess_lib.words import join_list, translate

MOST = 3  # indicators in a sentence


def findings(summary: YearSummary) -> list[str]:
    """Focal points, indicators and counties that stand out, and what moved since last year."""
    lang, told = summary.lang, list[str]()
    means = {name: shares.mean() for name, shares in summary.dimension_shares if len(shares)}
    if len(set(means.values())) > 1:
        best, worst = (pick(means, key=lambda name: means[name]) for pick in (max, min))
        shares = {"best_share": f"{means[best]:.1%}", "worst_share": f"{means[worst]:.1%}"}
        told.append(_say("dimensions", lang, best=best, worst=worst, **shares))
    if not (lost := summary.losses.head(MOST)).empty:
        names = [_say("loss", lang, name=name, mean=mean_text(row["mean"])) for name, row in lost.iterrows()]
        told.append(_say("losses", lang, list=join_list(names, lang)))
    of_county = counties(summary.now)["mean"]
    if of_county.nunique() > 1:
        first, last = of_county.index[0], of_county.index[-1]
        gap = round(of_county[first], 2) - round(of_county[last], 2)
        about = {"best": first, "best_mean": mean_text(of_county[first])}
        about |= {"worst": last, "worst_mean": mean_text(of_county[last]), "gap": mean_text(gap)}
        told.append(_say("counties", lang, **about))
    if change := summary.change:
        about = {"count": change.teams, "change": change.median_text, "changed": change.changed}
        told.append(_say("change", lang, rose=change.rose, fell=change.fell, **about))
    return told


def next_steps(summary: YearSummary) -> list[str]:
    """What is asked of counties, teams and units: weak indicators, rectification, evidence, counties that lag."""
    lang, told = summary.lang, list[str]()
    if not (lost := summary.losses.head(MOST)).empty:
        counts = [(name, int(row["size"] - row["full"])) for name, row in lost.iterrows()]
        names = [_say("short", lang, name=name, count=count) for name, count in counts]
        told.append(_say("weak", lang, list=join_list(names, lang)))
    listed = awards.rectification(summary.now)
    if len(listed):
        kinds = listed["kind"].value_counts()
        who = [_say(f"who.{kind}", lang, count=int(kinds[kind])) for kind in ("team", "unit") if kind in kinds]
        told.append(
            _say("rectify", lang, who=join_list(who, lang), deadline=day_text(listed["deadline"].iloc[0], lang))
        )
    if summary.missing:
        told.append(_say("evidence", lang, count=len(summary.missing)))
    of_county = counties(summary.now)["mean"]
    below = of_county.index[of_county < summary.totals.mean()]
    if len(below) and of_county.nunique() > 1:
        told.append(_say("lagging", lang, list=join_list(list(below[::-1][:MOST]), lang)))
    return told


def _say(key: str, lang: str, **values: object) -> str:
    return translate(f"pages.summary.say.{key}", lang, **values)
