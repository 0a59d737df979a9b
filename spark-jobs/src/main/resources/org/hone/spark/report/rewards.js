'use strict';
function change(report, gain) {
  const value = report[gain];
  const half = report[gain === 'mean_gain' ? 'gain_95_half_width' : gain + '_95_half_width'];
  const word = half === null ? 'changed' : value - half > 0 ? 'rose' : value + half < 0 ? 'fell' : 'did not change clearly';
  return word + ', ' + signed(value) + (half === null ? '' : ' ± ' + number(half));
}

// The policies in a row: what stood before the first round, then each round's.
function ladder(entries) {
  const points = entries.length > 0 && entries[0].round === 1 ? [['SFT', entries[0].before]] : [];
  return points.concat(entries.map(entry => ['V' + entry.round, entry.after]));
}

function gains() {
  const parent = section('gains', 'What each round gained', 'Mean reward of the policies before and after each round on held-out'
    + ' prompts, with 95 % intervals. The two are compared prompt by prompt. Each round is judged by its own reward models, and'
    + ' rewards of two models are not on one scale: compare within a round.');
  const rounds = there(parent, data.gains, 'the policy has not been evaluated yet.');
  if (rounds.length === 0) {
    return;
  }
  const lines = element('div', {class: 'verdict'});
  for (const round of rounds) {
    lines.append(element('p', {}, 'V' + round.round + ': mean reward ' + change(round.report, 'mean_gain') + ', on '
      + count(round.report.prompts) + ' held-out prompts' + (round.report.best_policy
        ? '; the next round goes on from the policy of ' + policyName(round.report.best_policy) : '') + '.'));
  }
  parent.append(lines);
  chart(parent, 'Mean reward on held-out prompts', 260, () => plot({
    xAxis: axis({type: 'category', data: rounds.map(round => 'V' + round.round)}),
    yAxis: axis({}),
    tooltip: tooltip({formatter: values(number, label)}),
    series: [
      ...dots('policy before the round', rounds.map(round => ['V' + round.round, round.before]), colour('base'), -8, 'diamond'),
      ...dots('policy after it', rounds.map(round => ['V' + round.round, round.after]), series(0), 8)]
  }));
}

function gold() {
  const parent = section('gold', 'Gold reward');
  if (data.gold.rounds.every(round => round.missing)) {
    missing(parent, 'No stage of this run has judged by a gold reward; only the world of the quickstart has one.');
    return;
  }
  parent.append(element('p', {class: 'note'}, 'The world’s own reward, which nothing was trained on; one scale for all rounds.'));
  const rounds = there(parent, data.gold.rounds, 'not judged yet.');
  parent.append(element('div', {class: 'verdict'}, ...data.gold.verdict.map(text => element('p', {}, text))));
  const points = ladder(rounds);
  chart(parent, 'Mean gold reward by policy', 280, () => plot({
    xAxis: axis({type: 'category', data: points.map(point => point[0])}),
    yAxis: axis({}),
    tooltip: tooltip({formatter: values(number, label)}),
    series: [
      ...dots('held-out prompts', points, series(0), -8),
      {name: 'candidates, training prompts', type: 'scatter', symbol: 'diamond', symbolSize: 10, itemStyle: {color: colour('base')},
        data: rounds.map(round => ['V' + round.round, round.report.gold_of_all_candidates])},
      {name: 'selected, training prompts', type: 'scatter', symbol: 'triangle', symbolSize: 10, symbolOffset: [8, 0],
        itemStyle: {color: series(1)}, data: rounds.map(round => ['V' + round.round, round.report.gold_of_selected])}]
  }));
  table(parent, ['Round', 'Before', 'After', 'Gain', 'Candidates', 'Selected', 'Correlation with reward'], rounds.map(round => [
    'V' + round.round,
    [number(round.before[0]), element('small', {}, interval(round.before, number))],
    [number(round.after[0]), element('small', {}, interval(round.after, number))],
    signed(round.report.gold_gain) + ' ± ' + number(round.report.gold_gain_95_half_width),
    number(round.report.gold_of_all_candidates), number(round.report.gold_of_selected),
    number(round.report.correlation_of_reward_and_gold)]));
}

function curveLines(points, suffix, stroke) {
  return ['max', 'median', 'mean'].flatMap((of, i) => {
    const all = points.map(point => [point.n, point[of]]);
    const name = ['maximum', 'median', 'mean'][i] + suffix;
    return [band(name, all, stroke(i)), line(name, all, stroke(i),
      {lineStyle: {color: stroke(i), width: 2, type: ['solid', 'dashed', 'dotted'][i]}})];
  });
}

function curves() {
  const parent = section('curves', 'Reward by number of responses', 'What the best, the median and the mean of N responses to a prompt'
    + ' would be, over all ways to take N of those that were sampled: means over the prompts with 95 % bands. The distance of'
    + ' maximum and median is what rejection sampling gains. Lines end with the number of responses that every prompt has. By the'
    + ' round’s own reward models.');
  const rounds = there(parent, data.curves, 'nothing has been selected yet.');
  const charts = element('div', {class: 'grid'});
  parent.append(charts);
  for (const round of rounds) {
    for (const temperature of new Set(round.points.map(point => point.temperature))) {
      const points = round.points.filter(point => point.temperature === temperature);
      chart(charts, 'V' + round.round + ', temperature ' + temperature + ', ' + count(points[0].prompts) + ' prompts', 280, () => plot({
        xAxis: axis({name: 'N responses', minInterval: 1}),
        yAxis: axis({}),
        tooltip: tooltip({formatter: values(number, one => 'N = ' + one.value[0])}),
        series: curveLines(points, '', series)
      }));
    }
  }
}

function temperatures() {
  const parent = section('temperatures', 'Temperature');
  if (!data.temperatureSearch && data.temperatures.every(round => round.missing)) {
    missing(parent, 'The recipe gives one temperature; no round has searched for one.');
    return;
  }
  parent.append(element('p', {class: 'note'}, 'Expected best of N responses by temperature, with 95 % bands; what is sampled next is at the'
    + ' temperature whose best of K is the highest.'));
  const rounds = there(parent, data.temperatures, 'the search has not ended yet.');
  const charts = element('div', {class: 'grid'});
  parent.append(charts);
  for (const round of rounds) {
    const all = [...new Set(round.points.map(point => point.temperature))];
    chart(charts, version(round) + ': chosen ' + round.chosen, 280, () => plot({
      xAxis: axis({name: 'N responses', minInterval: 1}),
      yAxis: axis({}),
      tooltip: tooltip({formatter: values(number, one => 'N = ' + one.value[0])}),
      series: all.flatMap((temperature, i) => {
        const points = round.points.filter(point => point.temperature === temperature).map(point => [point.n, point.max]);
        const name = 'at ' + temperature;
        return [band(name, points, series(i)), line(name, points, series(i))];
      })
    }));
  }
}

function distributions() {
  const parent = section('distributions', 'How rewards are spread', 'Shares of the responses by reward; dashed lines are means.');
  const rounds = there(parent, data.distributions.rounds, 'nothing has been scored yet.');
  const charts = element('div', {class: 'grid'});
  parent.append(charts);
  if (rounds.length > 1 && data.distributions.histogram.series) {
    chart(charts, 'Candidates of every round, by the models of V' + data.distributions.newest, 280,
      spread(data.distributions.histogram, one => ofRound(Number(one.name.slice(1)))));
  }
  for (const round of rounds.filter(one => one.histogram.series)) {
    chart(charts, 'V' + round.round + ': its candidates and what was selected, by its own models', 280,
      spread(round.histogram, (one, i) => i === 0 ? colour('base') : ofRound(round.round)));
  }
}

function scatter() {
  const parent = section('scatter', 'Helpfulness against safety');
  const points = data.scatter.points || [];
  if (points.length === 0) {
    missing(parent, data.axes.length < 2 ? 'This run has one reward model, so there is nothing to set against it.'
      : 'No candidate has been scored by two models yet.');
    return;
  }
  parent.append(element('p', {class: 'note'}, count(points.length) + ' of ' + count(data.scatter.candidates) + ' candidates, by the'
    + ' reward models of V' + data.scatter.newest + '; ' + (points.some(point => point[4]) ? 'what is large was selected in V'
    + data.scatter.newest + ', ' : '') + 'triangles answer prompts of safety. Left of the dashed line the safety model finds a response'
    + ' unsafe (σ < 0.15), and its word counts.'));
  const rounds = [...new Set(points.map(point => point[2]))].sort((a, b) => a - b);
  chart(parent, '', 420, () => plot({
    xAxis: axis({name: 'safety, logits'}),
    grid: {left: 26, right: 18, top: 34, bottom: 26, containLabel: true},
    yAxis: axis({name: 'helpfulness, logits', nameGap: 30}),
    tooltip: tooltip({trigger: 'item', formatter: one => one.seriesName + '\nsafety ' + number(one.value[1], 2)
      + '\nhelpfulness ' + number(one.value[0], 2)}),
    series: rounds.map((round, i) => ({
      name: 'V' + round, type: 'scatter', encode: {x: 1, y: 0}, data: points.filter(point => point[2] === round),
      symbol: point => point[3] ? 'triangle' : 'circle', symbolSize: point => point[4] ? 9 : 5,
      itemStyle: {color: ofRound(round), opacity: 0.5},
      markLine: i > 0 ? undefined : {silent: true, symbol: 'none', label: {show: false},
        lineStyle: {color: colour('base'), type: 'dashed'}, data: [{xAxis: Math.log(0.15 / 0.85)}]}
    }))
  }));
}

function lengths() {
  const parent = section('lengths', 'Response lengths', 'Tokens a response, EOS included: the middle half in the box, 5 % and 95 % at the'
    + ' whiskers.');
  const all = data.lengths.filter(one => one.n > 0);
  if (all.length === 0) {
    missing(parent, 'No response has been sampled yet.');
    return;
  }
  const kinds = ['held-out, before', 'candidates', 'selected', 'held-out, after'];
  const rounds = [...new Set(all.map(one => one.round))];
  chart(parent, '', 300, () => plot({
    xAxis: axis({type: 'category', data: rounds.map(round => 'V' + round)}),
    yAxis: axis({min: 0}),
    tooltip: tooltip({trigger: 'item', formatter: one => one.seriesName + ' ' + one.name + '\n'
      + ['5 %', '25 %', 'median', '75 %', '95 %'].map((name, i) => name + '  ' + one.value[i + 1]).join('\n')}),
    series: kinds.filter(kind => all.some(one => one.of === kind)).map((kind, i) => ({
      name: kind, type: 'boxplot', itemStyle: {color: colour('panel'), borderColor: series(i), borderWidth: 1.5},
      color: series(i),
      data: rounds.map(round => (all.find(one => one.round === round && one.of === kind) || {quantiles: []}).quantiles)
    }))
  }));
  table(parent, ['Responses', 'Number', 'Mean', '5 %', 'Median', '95 %'], all.map(one => [
    'V' + one.round + ', ' + one.of, count(one.n), number(one.mean, 1), ...[0, 2, 4].map(i => count(one.quantiles[i]))]));
}

function selected() {
  const parent = section('selected', 'What was selected', 'A response is selected from the pool of candidates; it may have been sampled'
    + ' in an earlier round.');
  const rounds = there(parent, data.selected, 'nothing has been selected yet.').filter(round => round.origins);
  if (rounds.length === 0) {
    return;
  }
  const origins = [...new Set(rounds.flatMap(round => round.origins.map(origin => origin.round)))].sort((a, b) => a - b);
  const find = (round, origin) => round.origins.find(one => one.round === origin);
  chart(parent, '', 70 + 44 * rounds.length, () => plot({
    xAxis: axis({min: 0}),
    yAxis: axis({type: 'category', inverse: true, data: rounds.map(round => 'V' + round.round)}),
    tooltip: tooltip({axisPointer: {type: 'shadow'}, formatter: found => ['selected in ' + found[0].name].concat(found.map(one =>
      one.marker + ' ' + one.seriesName + '  ' + count(one.value))).join('\n')}),
    series: origins.map(origin => ({
      name: 'sampled in V' + origin, type: 'bar', stack: 'all', barMaxWidth: 26, itemStyle: {color: ofRound(origin)},
      data: rounds.map(round => (find(round, origin) || {n: 0}).n)
    }))
  }));
  table(parent, ['Selected in', 'Sampled in', 'Responses', 'Prompts', 'Mean reward'], rounds.flatMap(round => round.origins.map(origin => [
    'V' + round.round, 'V' + origin.round, count(origin.n), count(origin.prompts), number(origin.reward)])));
}
