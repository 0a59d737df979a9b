'use strict';
function stages() {
  const parent = section('stages', 'Time and tokens by stage');
  const open = data.stages.filter(stage => stage.state !== 'done');
  if (open.length > 0) {
    missing(parent, 'Not finished: ' + open.map(stage => stage.stage + ' (' + stage.state + ')').join(', ') + '.');
  }
  const done = data.stages.filter(stage => stage.state === 'done');
  const timed = done.filter(stage => stage.seconds !== undefined);
  if (timed.length > 0) {
    const all = timed.reduce((sum, stage) => sum + stage.seconds, 0);
    parent.append(element('p', {}, count(Math.round(all)) + ' seconds in all, ' + (all / 60).toFixed(1) + ' minutes.'));
    chart(parent, 'Seconds', 60 + 19 * timed.length, () => plot({
      legend: {show: false},
      grid: {left: 6, right: 46, top: 6, bottom: 20, containLabel: true},
      xAxis: axis({min: 0}),
      yAxis: axis({type: 'category', inverse: true, data: timed.map(stage => stage.stage),
        axisLabel: {color: colour('muted'), interval: 0, fontSize: 11, width: innerWidth > 800 ? 240 : 150, overflow: 'truncate'}}),
      tooltip: tooltip({axisPointer: {type: 'shadow'}, formatter: found => found[0].name + '\n' + number(found[0].value, 1) + ' s'}),
      series: [{type: 'bar', barMaxWidth: 14, data: timed.map(stage => stage.seconds),
        itemStyle: {color: one => { const round = /^v(\d+)\//.exec(one.name); return round ? ofRound(Number(round[1])) : colour('base'); }},
        label: {show: true, position: 'right', color: colour('muted'), fontSize: 11, formatter: one => number(one.value, 1)}}]
    }));
  }
  table(parent, ['Stage', 'Seconds', 'Tokens', 'Tokens/s'], done.map(stage => [
    stage.stage, number(stage.seconds, 1),
    stage.tokens === undefined ? '–' : count(stage.tokens) + ' ' + stage.work,
    stage.tokens === undefined || !stage.seconds || stage.work === 'in responses' ? '–' : count(Math.round(stage.tokens / stage.seconds))]));
  parent.append(element('h3', {}, 'All that the stages reported'));
  for (const stage of done) {
    const rows = element('div');
    table(rows, ['Figure', 'Value'], Object.entries(stage.report).map(([name, value]) => [
      name, typeof value === 'number' && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value)]));
    parent.append(element('details', {}, element('summary', {}, stage.stage), rows));
  }
}
