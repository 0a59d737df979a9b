'use strict';
const COLOURS = 6;
const drawn = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
}

function series(index) {
  return colour('s' + index % COLOURS);
}

function ofRound(round) {
  return series(round - 1);
}

// A chart is drawn again in the other colours when the reader's scheme changes, so its option is a function.
function chart(parent, title, height, option) {
  const box = element('div', {class: 'chart', style: 'height:' + height + 'px', role: 'img', 'aria-label': title});
  parent.append(element('div', {}, title ? element('h3', {}, title) : null, box));
  drawn.push({box, option});
}

function draw() {
  for (const one of drawn) {
    one.chart = echarts.init(one.box, null, {renderer: 'svg'});
    one.chart.setOption(one.option());
    new ResizeObserver(() => one.chart.resize()).observe(one.box);
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const one of drawn) {
      one.chart.setOption(one.option(), true);
    }
  });
}

function axis(more) {
  return Object.assign({
    type: 'value',
    scale: true,
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: {color: colour('muted')},
    axisLabel: {color: colour('muted'), hideOverlap: true},
    axisLine: {lineStyle: {color: colour('line')}},
    axisTick: {lineStyle: {color: colour('line')}},
    splitLine: {lineStyle: {color: colour('line'), opacity: 0.6}}
  }, more);
}

function plot(more) {
  return Object.assign({
    animation: false,
    textStyle: {fontFamily: 'system-ui, sans-serif'},
    grid: {left: 6, right: 18, top: 34, bottom: 26, containLabel: true},
    legend: {type: 'scroll', top: 0, left: 0, textStyle: {color: colour('text')}, inactiveColor: colour('line'),
      pageTextStyle: {color: colour('muted')}, pageIconColor: colour('text'), pageIconInactiveColor: colour('line')},
    tooltip: {trigger: 'axis', renderMode: 'richText', confine: true, backgroundColor: colour('panel'),
      borderColor: colour('line'), textStyle: {color: colour('text'), fontSize: 12}}
  }, more);
}

function tooltip(more) {
  return Object.assign(plot({}).tooltip, more);
}

// What lies between the ends of intervals; points are [x, [value, low, high]].
function band(name, points, fill) {
  const whole = points.filter(point => point[1][1] !== null);
  const upper = whole.map(point => [point[0], point[1][2]]);
  const lower = whole.map(point => [point[0], point[1][1]]).reverse();
  return {
    name, type: 'custom', silent: true, z: 1, clip: true, itemStyle: {color: fill},
    data: upper.concat(lower),
    renderItem: (params, api) => params.dataIndexInside > 0 ? null : {
      type: 'polygon',
      shape: {points: upper.concat(lower).map(point => api.coord(point))},
      style: {fill, opacity: 0.16}
    }
  };
}

function line(name, points, stroke, more) {
  return Object.assign({
    name, type: 'line', z: 3, data: points.map(point => [point[0], point[1][0]]), symbol: 'circle', symbolSize: 5,
    itemStyle: {color: stroke}, lineStyle: {color: stroke, width: 2}
  }, more);
}

// A whisker from low to high at each category; points are [category, [value, low, high]].
function whiskers(name, points, stroke, shift = 0) {
  return {
    name, type: 'custom', silent: true, z: 2, itemStyle: {color: stroke},
    encode: {x: 0, y: [1, 2]},
    data: points.filter(point => point[1][1] !== null).map(point => [point[0], point[1][1], point[1][2]]),
    renderItem: (params, api) => {
      const low = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)]);
      const x = low[0] + shift;
      const style = {stroke, lineWidth: 2, fill: 'none'};
      return {type: 'group', children: [[x, low[1], x, high[1]], [x - 5, low[1], x + 5, low[1]], [x - 5, high[1], x + 5, high[1]]]
        .map(ends => ({type: 'line', shape: {x1: ends[0], y1: ends[1], x2: ends[2], y2: ends[3]}, style}))};
    }
  };
}

// Values by category with their whiskers, moved aside so that several series do not cover each other.
function dots(name, points, fill, shift = 0, symbol = 'circle') {
  return [
    whiskers(name, points, fill, shift),
    {name, type: 'scatter', z: 4, symbol, symbolSize: 9, symbolOffset: [shift, 0], itemStyle: {color: fill},
      data: points.map(point => [point[0], point[1][0]])}
  ];
}

// The values of an axis tooltip, without bands and whiskers.
function values(shown, head) {
  return found => [head(found[0])].concat(found.filter(one => one.seriesType !== 'custom')
    .map(one => one.marker + ' ' + one.seriesName + '  ' + shown(one.value[1]))).join('\n');
}

function label(one) {
  return String(one.axisValueLabel);
}

// Shares of each series by bin.
function spread(histogram, colours) {
  const middle = i => histogram.low + (i + 0.5) * histogram.width;
  return () => plot({
    xAxis: axis({name: 'reward', min: histogram.low, max: histogram.low + 40 * histogram.width,
      axisLabel: {color: colour('muted'), formatter: value => number(value, 1), hideOverlap: true, showMinLabel: false,
        showMaxLabel: false}}),
    yAxis: axis({axisLabel: {color: colour('muted'), formatter: value => (100 * value).toFixed(0) + ' %'}, min: 0}),
    tooltip: tooltip({formatter: values(percent, one => 'reward ' + number(one.value[0], 2))}),
    series: histogram.series.map((one, i) => ({
      name: one.name, type: 'line', step: 'middle', symbol: 'none',
      itemStyle: {color: colours(one, i)}, lineStyle: {color: colours(one, i), width: 1.5},
      areaStyle: {color: colours(one, i), opacity: 0.14},
      data: one.counts.map((n, bin) => [middle(bin), n / one.n]),
      markLine: {silent: true, symbol: 'none', label: {show: false}, lineStyle: {color: colours(one, i), type: 'dashed'},
        data: [{xAxis: one.mean}]}
    }))
  });
}
