/* The library's what-if once more: totals, ranks and grades by other weights and lines, equal to the last step.
   Weights and rules move as fractions; points as numbers, and as fractions where they lie near a half of a step. */
function whatIf(data) {
  "use strict";
  var NEAR = 1e-6, LARGEST = 1e8, ABSENT = -1, NOTHING = -2, WEIGHT = 0, size = data.per_point, many = data.teams.length;

  /* ---- fractions, as whole numbers over whole numbers above 0 ---- */
  function gcd(a, b) { while (b) { var rest = a % b; a = b; b = rest; } return a < 0n ? -a : a; }
  function over(n, d) { if (d < 0n) { n = -n; d = -d; } var common = gcd(n, d) || 1n; return { n: n / common, d: d / common }; }
  function whole(number) { return { n: BigInt(number), d: 1n }; }
  function read(text) {
    var parts = String(text).split("/"), decimals = (parts[0].split(".")[1] || "").length;
    return over(BigInt(parts[0].replace(".", "")), BigInt(parts[1] || 1) * 10n ** BigInt(decimals));
  }
  function plus(a, b) { return over(a.n * b.d + b.n * a.d, a.d * b.d); }
  function times(a, b) { return over(a.n * b.n, a.d * b.d); }
  function ratio(a, b) { return over(a.n * b.d, a.d * b.n); }
  function compare(a, b) { var left = a.n * b.d, right = b.n * a.d; return left < right ? -1 : left > right ? 1 : 0; }
  function sum(all) { return all.reduce(plus, whole(0)); }
  function float(a) { return Number(a.n) / Number(a.d); }
  function half_up(a) { var above = a.n < 0n ? -a.n : a.n, steps = (2n * above + a.d) / (2n * a.d); return Number(a.n < 0n ? -steps : steps); }
  function in_steps(a) { return half_up({ n: a.n * BigInt(size), d: a.d }); }
  function of_steps(count) { return over(BigInt(count), BigInt(size)); }
  var ONE = whole(1), ZERO = whole(0);

  /* ---- the rules by other numbers ---- */
  function apportion(all, parts) {
    var total = sum(parts);
    if (!total.n) { return parts.map(function () { return ZERO; }); }
    if (!compare(all, total)) { return parts; }
    var exact = parts.map(function (part) { return ratio(times(times(all, part), whole(size)), total); });
    var steps = exact.map(function (share) { return share.n / share.d; });
    var wanted = all.n * BigInt(size) / all.d, left = Number(wanted - steps.reduce(function (a, b) { return a + b; }, 0n));
    var order = exact.map(function (share, at) { return { rest: plus(share, whole(-steps[at])), at: at }; });
    order.sort(function (a, b) { return compare(b.rest, a.rest) || a.at - b.at; });
    order.slice(0, left).forEach(function (one) { steps[one.at] += 1n; });
    return steps.map(of_steps);
  }
  function scaled(amount, by) {
    if (!compare(by, ONE)) { return amount; }
    var steps = in_steps(times(amount, by));
    return of_steps(steps || !amount.n || !by.n ? steps : amount.n > 0n ? 1 : -1);
  }
  function rule(formula, weight, by) {
    var amounts = formula.amounts;
    if (compare(by, ONE)) {
      amounts = formula.as_one ? apportion(of_steps(in_steps(times(sum(amounts), by))), amounts) : amounts.map(function (one) { return scaled(one, by); });
    }
    amounts = [weight].concat(amounts);
    return {
      formula: formula, amounts: amounts, numbers: amounts.map(float), nominal: in_steps(weight),
      counts: weight.n > 0n || formula.endless || formula.above.some(function (at) { return amounts[at].n > 0n; }) || formula.below.some(function (at) { return amounts[at].n < 0n; })
    };
  }
  function refuse(key, at) { return { refused: key, at: at }; }
  function changed(changes) {
    var nothing = !["dimensions", "indicators", "limits"].some(function (kind) { return Object.keys(changes[kind] || {}).length; });
    var share = nothing ? function (_, parts) { return parts; } : apportion;
    var given = function (kind, one, otherwise) { var text = (changes[kind] || {})[one.id]; return text === undefined ? otherwise : read(text); };
    var moved = data.dimensions.map(function (one) { return given("dimensions", one, one.weight); });
    if (!nothing && (sum(moved).n <= 0n || moved.some(function (one) { return one.n < 0n; }))) { return refuse("no_weight", ""); }
    var made = { dimensions: share(sum(data.dimensions.map(function (one) { return one.weight; })), moved), indicators: [], groups: [], lines: [] }, refused = null;
    data.dimensions.forEach(function (dimension, d) {
      var inside = [].concat.apply([], dimension.groups.map(function (group) { return group.indicators; }));
      var own = inside.map(function (one) { return given("indicators", one, one.weight); }), weight = made.dimensions[d];
      if ((sum(own).n <= 0n && weight.n > 0n) || own.some(function (one) { return one.n < 0n; })) { refused = refused || refuse("no_weight", dimension.id); }
      var weights = share(weight, own), at = 0;
      dimension.groups.forEach(function (group) {
        var mine = weights.slice(at, at + group.indicators.length), before = sum(group.indicators.map(function (one) { return one.weight; }));
        var by = before.n ? ratio(sum(mine), before) : ONE;
        made.groups.push({ cap: group.cap && scaled(group.cap, by), floor: group.floor && scaled(group.floor, by) });
        group.indicators.forEach(function (one, i) {
          var by = one.weight.n ? ratio(mine[i], one.weight) : ONE, same = !compare(mine[i], one.weight);
          made.indicators.push({ weight: mine[i], same: same, rules: one.rules.map(function (rules) {
            var weight = !rules.weight ? mine[i] : same ? rules.weight : of_steps(in_steps(times(rules.weight, by)));
            return rule(rules.formula || NO_FORMULA, weight, by);
          }) });
        });
        at += group.indicators.length;
      });
    });
    var lows = data.grades.slice(0, -1).map(function (grade) { return given("limits", grade, grade.low); });
    lows.forEach(function (low, at) { if (at && compare(lows[at - 1], low) <= 0) { refused = refused || refuse("limits", data.grades[at].id); } });
    made.lines = lows.map(function (low, at) {  /* the least total in steps that reaches the grade */
      var steps = times(low, whole(size)), floor = steps.n / steps.d - (steps.n < 0n && steps.n % steps.d ? 1n : 0n);
      return Number(steps.d === 1n && data.grades[at].closed ? floor : floor + 1n);
    });
    return nothing ? made : refused || made;
  }

  /* ---- what stays: terms, and the teams that have the same rules and lack the same ---- */
  var NO_FORMULA = { amounts: [], low: [], high: [], above: [], below: [], endless: true, as_one: false };
  function prepared(formula) { return formula && Object.assign({}, formula, { amounts: formula.amounts.map(read) }); }
  data.dimensions.forEach(function (dimension) {
    dimension.weight = read(dimension.weight);
    dimension.groups.forEach(function (group) {
      ["cap", "floor"].forEach(function (end) { group[end] = group[end] === null ? null : read(group[end]); });
      group.indicators.forEach(function (one) {
        one.weight = read(one.weight);
        one.rules.forEach(function (rules) { rules.weight = rules.weight === null ? null : read(rules.weight); rules.formula = prepared(rules.formula); });
      });
    });
  });
  data.grades.forEach(function (grade) { grade.low = grade.low === null ? null : read(grade.low); grade.quota = grade.quota === null ? null : read(grade.quota); });
  var group_of = [], groups = [].concat.apply([], data.dimensions.map(function (dimension, d) { return dimension.groups.map(function (group) { return { rules: group, dimension: d }; }); }));
  var indicators = [], first = 0;
  groups.forEach(function (group, g) { group.first = first; group.rules.indicators.forEach(function (one) { indicators.push(one); group_of.push(g); }); first = group.end = indicators.length; });
  var by_dimension = data.dimensions.map(function (_, d) { return groups.filter(function (group) { return group.dimension === d; }).map(function (group) { return [group.first, group.end]; }); });
  function form(text) {
    if (text === "?") { return null; }
    var parts = text.split("|").map(function (part) {
      return part.split(" ").map(function (term) { var pair = term.split(":"), number = read(pair[1]); return { at: Number(pair[0]), exact: number, number: float(number), kind: pair[0] }; });
    });
    return { parts: parts, given: parts[0][0].kind === "given", fixed: parts[0][0].kind === "fixed" };
  }
  var terms = data.terms.map(function (one) { return { forms: one.forms === "" ? [] : one.forms.split(";").map(form), of: one.of }; });
  var patterns = [], pattern_of = new Int32Array(many), seen = new Map();
  for (var team = 0; team < many; team += 1) {
    var variant = data.variants.map(function (of) { return of ? of[team] : 0; }), there = terms.map(function (one) { return one.of[team] !== ABSENT; });
    var key = variant.join() + "|" + there.map(Number).join("");
    if (!seen.has(key)) { seen.set(key, patterns.length); patterns.push({ variant: variant, there: there }); }
    pattern_of[team] = seen.get(key);
  }
  terms.forEach(function (one) {  /* each form under each pattern once */
    var places = new Map();
    one.pairs = [];
    one.pair_of = new Int32Array(many).fill(-1);
    for (var team = 0; team < many; team += 1) {
      if (one.of[team] < 0) { continue; }
      var key = one.of[team] * patterns.length + pattern_of[team];
      if (!places.has(key)) { places.set(key, one.pairs.length); one.pairs.push([one.of[team], pattern_of[team]]); }
      one.pair_of[team] = places.get(key);
    }
  });

  /* ---- weights in force ---- */
  function split(all, parts) {  /* largest remainder, in whole steps; equal remainders go to the earlier part */
    var total = 0, left = all, steps = [], rest = [];
    parts.forEach(function (part) { total += part; });
    parts.forEach(function (part, at) {
      var share = total ? all * part : 0;
      rest[at] = total ? share % total : 0;
      steps[at] = total ? (share - rest[at]) / total : 0;
      left -= steps[at];
    });
    if (total && left) {
      rest.map(function (_, at) { return at; }).sort(function (a, b) { return rest[b] - rest[a] || a - b; }).slice(0, left).forEach(function (at) { steps[at] += 1; });
    }
    return steps;
  }
  function added(numbers, from, to) { var all = 0; for (var at = from; at < to; at += 1) { all += numbers[at]; } return all; }
  function passed_on(all, weights, alive, parts) {
    return split(all, parts.map(function (part) { return added(alive, part[0], part[1]) ? added(weights, part[0], part[1]) : 0; }));
  }
  function shared_out(weights, there) {
    var alive = weights.map(function (weight, at) { return there[at] ? weight : 0; }), force = [];
    var of_dimensions = passed_on(added(weights, 0, weights.length), weights, alive, by_dimension.map(function (parts) { return [parts[0][0], parts[parts.length - 1][1]]; }));
    by_dimension.forEach(function (parts, d) {
      var of_groups = passed_on(of_dimensions[d], weights, alive, parts);
      parts.forEach(function (part, g) { force = force.concat(split(of_groups[g], alive.slice(part[0], part[1]))); });
    });
    return force;
  }

  /* ---- points ---- */
  function end(values, places, better) { return places.map(function (at) { return values[at]; }).reduce(better); }
  function steps_of(form, rules, force) {
    var formula = rules.formula, free = form.given || form.fixed, mean = 0, largest = 0, numbers = rules.numbers;
    for (var p = 0; p < form.parts.length; p += 1) {
      var part = form.parts[p], earned = 0;
      for (var t = 0; t < part.length; t += 1) {
        var term = form.fixed ? part[t].number : part[t].number * numbers[form.given ? WEIGHT : part[t].at];
        earned += term;
        largest = Math.max(largest, Math.abs(term));
      }
      if (!free && formula.high.length) { earned = Math.min(earned, end(numbers, formula.high, function (a, b) { return Math.max(a, b); })); }
      if (!free && formula.low.length) { earned = Math.max(earned, end(numbers, formula.low, function (a, b) { return Math.min(a, b); })); }
      mean += earned / form.parts.length;
    }
    var by = rules.nominal > 0 ? force / rules.nominal : 1, number = mean * by * size, above = Math.abs(number);
    if (Math.abs(above - Math.floor(above) - 0.5) < NEAR || largest * by * size > LARGEST) { return exactly(form, rules, force); }
    return Math.sign(number) * Math.floor(above + 0.5);
  }
  function exactly(form, rules, force) {
    var formula = rules.formula, free = form.given || form.fixed, amounts = rules.amounts;
    var greater = function (a, b) { return compare(a, b) < 0 ? b : a; }, less = function (a, b) { return compare(a, b) < 0 ? a : b; };
    var all = sum(form.parts.map(function (part) {
      var earned = sum(part.map(function (term) { return form.fixed ? term.exact : times(term.exact, amounts[form.given ? WEIGHT : term.at]); }));
      if (!free && formula.high.length) { earned = less(earned, end(amounts, formula.high, greater)); }
      return !free && formula.low.length ? greater(earned, end(amounts, formula.low, less)) : earned;
    }));
    var mean = ratio(all, whole(form.parts.length));
    return in_steps(rules.nominal > 0 ? ratio(times(mean, whole(force)), whole(rules.nominal)) : mean);
  }
  function limit(group, end, given, own) {  /* the cap or floor of a group for a pattern, in steps */
    var grows = group.with_weight && own > 0, steps = times(end, whole(size));
    return half_up(grows ? over(steps.n * BigInt(given), steps.d * BigInt(own)) : steps);
  }

  /* ---- ranks and grades ---- */
  function ranked(keys, group) {
    var order = Array.from({ length: many }, function (_, at) { return at; }), rank = new Int32Array(many), place = 0, shared = 0;
    function differ(a, b) { for (var k = 0; k < keys.length; k += 1) { if (keys[k][a] !== keys[k][b]) { return keys[k][b] - keys[k][a]; } } return 0; }
    order.sort(function (a, b) { return (group ? group[a] - group[b] : 0) || differ(a, b) || a - b; });
    order.forEach(function (team, at) {
      var before = order[at - 1], begins = !at || (group && group[team] !== group[before]);
      place = begins ? 1 : place + 1;
      if (begins || differ(before, team)) { shared = place; }
      rank[team] = shared;
    });
    return rank;
  }
  function graded(total, rank, lines) {
    var last = data.grades.length - 1, grade = new Int8Array(many), reached = new Int8Array(many);
    for (var team = 0; team < many; team += 1) {
      var place = last;
      for (var n = last - 1; n >= 0; n -= 1) { if (total[team] >= lines[n]) { place = n; } }
      reached[team] = place;
      grade[team] = Math.max(place, data.vetoed[team]);
    }
    data.grades.forEach(function (band, n) {
      if (!band.quota) { return; }
      var members = new Map();
      for (var team = 0; team < many; team += 1) {
        var name = data.quota_groups ? data.quota_groups[team] : 0;
        if (!members.has(name)) { members.set(name, []); }
        members.get(name).push(team);
      }
      members.forEach(function (inside) {
        var places = Number(band.quota.n * BigInt(inside.length) / band.quota.d), able = inside.filter(function (team) { return grade[team] === n; });
        able.sort(function (a, b) { return rank[a] - rank[b]; });
        var taken = 0, at = 0;
        while (at < able.length) {  /* those of one rank stand or fall together */
          var next = at;
          while (next < able.length && rank[able[next]] === rank[able[at]]) { next += 1; }
          if (data.ties_over_quota === "out" ? next > places : taken >= places) { break; }
          taken = at = next;
        }
        able.slice(at).forEach(function (team) { grade[team] = n + 1; });
      });
    });
    return { grade: grade, below: grade.reduce(function (count, place, team) { return count + (place > reached[team] ? 1 : 0); }, 0) };
  }

  /* ---- the outcome of changes: by kind (dimensions, indicators, limits) and id a number as text ---- */
  var official = null;
  function outcome(changes) {
    var rules = changed(changes);
    if (rules.refused) { return rules; }
    var in_force = patterns.map(function (pattern) {
      var nominal = rules.indicators.map(function (one, i) { return one.rules[pattern.variant[i]].nominal; });
      return { nominal: nominal, force: shared_out(nominal, pattern.there) };
    });
    var points = data.dimensions.map(function () { return new Float64Array(many); }), of_groups = groups.map(function () { return new Float64Array(many); }), ties = {}, stuck = null;
    terms.forEach(function (one, i) {
      var steps = one.pairs.map(function (pair) {
        var pattern = patterns[pair[1]], mine = rules.indicators[i].rules[pattern.variant[i]], force = in_force[pair[1]].force[i], form = one.forms[pair[0]];
        if (!form) {  /* without a formula the points are known for the weights in force only */
          if (official && (!rules.indicators[i].same || force !== official[pair[1]].force[i])) { stuck = stuck || refuse("fixed", indicators[i].id); }
          return NaN;
        }
        return mine.counts ? steps_of(form, mine, force) : 0;
      });
      var into = of_groups[group_of[i]], of = data.ties.some(function (tie) { return tie[0] === "indicator" && tie[1] === i; }) ? ties[i] = new Float64Array(many) : null;
      for (var team = 0; team < many; team += 1) {
        if (one.pair_of[team] < 0) { continue; }
        var earned = steps[one.pair_of[team]];
        if (earned !== earned) { earned = data.fixed[i][team]; }
        into[team] += earned;
        if (of) { of[team] = earned; }
      }
    });
    if (stuck) { return stuck; }
    groups.forEach(function (group, g) {
      var ends = rules.groups[g], into = points[group.dimension], sums = of_groups[g];
      var limits = ends.cap || ends.floor ? in_force.map(function (each) {
        var given = added(each.force, group.first, group.end), own = added(each.nominal, group.first, group.end);
        return [ends.cap ? limit(group.rules, ends.cap, given, own) : Infinity, ends.floor ? limit(group.rules, ends.floor, given, own) : -Infinity];
      }) : null;
      for (var team = 0; team < many; team += 1) {
        var held = limits ? Math.max(Math.min(sums[team], limits[pattern_of[team]][0]), limits[pattern_of[team]][1]) : sums[team];
        into[team] += held;
      }
    });
    var total = new Float64Array(many);
    points.forEach(function (of) { for (var team = 0; team < many; team += 1) { total[team] += of[team]; } });
    var keys = [total].concat(data.ties.map(function (tie) { return tie[0] === "indicator" ? ties[tie[1]] : points[tie[1]]; }));
    var overall = ranked(keys, null), grades = graded(total, overall, rules.lines);
    return {
      total: total, points: points, rank: data.rank_groups ? ranked(keys, data.rank_groups) : overall, grade: grades.grade, below: grades.below,
      dimensions: rules.dimensions.map(float), indicators: rules.indicators.map(function (one) { return float(one.weight); }), in_force: in_force
    };
  }
  var start = outcome({});
  official = start.in_force;
  return { start: start, outcome: outcome };
}
