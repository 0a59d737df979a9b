'use strict';
const RATINGS = ['significantly_better', 'better', 'slightly_better', 'negligibly_better_or_unsure'];

function rank(group) {
  return ['all', 'rating', 'source'].indexOf(group.by) * 100 + RATINGS.indexOf(group.name.toLowerCase());
}

function accuracyTable(parent, models) {
  const groups = new Map();
  for (const model of models) {
    for (const group of model.groups) {
      groups.set(group.by + ' ' + group.name, group);
    }
  }
  const rows = [];
  let by = 'all';
  for (const group of [...groups.values()].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1))) {
    if (group.by !== by) {
      by = group.by;
      rows.push(['By ' + by]);
    }
    const name = group.by === 'all' ? 'All' : group.by === 'rating' ? group.name.toLowerCase().replaceAll('_', ' ') : group.name;
    rows.push([name].concat(models.map(model => {
      const found = model.groups.find(one => one.by === group.by && one.name === group.name);
      return found === undefined ? '–' : [
        percent(found.accuracy[0]),
        element('small', {}, (100 * found.accuracy[1]).toFixed(1) + ' to ' + percent(found.accuracy[2]) + ', of ' + count(found.n)),
        element('small', {}, 'the longer one ' + percent(found.longer[0]))];
    })));
  }
  table(parent, ['Accuracy'].concat(models.map(model => 'V' + model.round)), rows);
}

function accuracyChart(parent, models) {
  const overall = models.map(model => ['V' + model.round, model.groups.find(group => group.by === 'all')]);
  chart(parent, 'Accuracy by round', 250, () => plot({
    xAxis: axis({type: 'category', data: overall.map(one => one[0])}),
    yAxis: axis({axisLabel: {color: colour('muted'), formatter: value => (100 * value).toFixed(0) + ' %'}}),
    tooltip: tooltip({formatter: values(percent, label)}),
    series: [
      ...dots('reward model', overall.map(one => [one[0], one[1].accuracy]), series(0), -8),
      ...dots('the longer response', overall.map(one => [one[0], one[1].longer]), colour('base'), 8, 'diamond')]
  }));
}

function calibrationChart(parent, models) {
  chart(parent, 'Calibration: accuracy by confidence', 300, () => plot({
    xAxis: axis({min: 0.5, max: 1, name: 'confidence σ(|margin|)'}),
    yAxis: axis({max: 1, axisLabel: {color: colour('muted'), formatter: value => (100 * value).toFixed(0) + ' %'}}),
    tooltip: tooltip({trigger: 'item', formatter: one => one.seriesName + '\nconfidence ' + percent(one.value[0])
      + '\naccuracy ' + percent(one.value[1])}),
    series: [{name: 'as right as sure', type: 'line', symbol: 'none', silent: true, data: [[0.5, 0.5], [1, 1]],
      itemStyle: {color: colour('base')}, lineStyle: {color: colour('base'), type: 'dashed', width: 1.5}}]
      .concat(models.flatMap(model => {
        const points = model.calibration.map(bin => [bin.confidence, bin.accuracy]);
        const name = 'V' + model.round;
        return [band(name, points, ofRound(model.round)), line(name, points, ofRound(model.round))];
      }))
  }));
  parent.append(element('p', {class: 'note'}, 'Expected calibration error: '
    + models.map(model => 'V' + model.round + ' ' + number(model.calibrationError)).join(', ') + '.'));
}

function rewardModels() {
  const parent = section('models', 'Reward models', 'On comparisons that are held out by conversation, with 95 % intervals;'
    + ' a tie counts half. Beside each stands what choosing the longer response reaches on the same comparisons.');
  for (const axisName of data.axes) {
    const all = data.rewardModels.filter(model => model.axis === axisName);
    parent.append(element('h3', {}, axisName.charAt(0).toUpperCase() + axisName.slice(1)));
    const models = there(parent, all, 'this model has not been evaluated yet.');
    if (models.length > 0) {
      const charts = element('div', {class: 'grid'});
      parent.append(charts);
      accuracyChart(charts, models);
      const calibration = element('div');
      charts.append(calibration);
      calibrationChart(calibration, models);
      accuracyTable(parent, models);
    }
  }
  if (data.axes.length === 1) {
    missing(parent, 'This run has one reward model: all its comparisons are of ' + data.axes[0] + '.');
  }
}
