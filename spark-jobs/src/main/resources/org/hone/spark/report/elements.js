'use strict';
// Every text comes in as a text node; nothing of the data is ever parsed as HTML.
const data = JSON.parse(document.getElementById('data').textContent);

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    made.setAttribute(key, value);
  }
  for (const child of children) {
    if (child !== null && child !== undefined) {
      made.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return made;
}

function section(id, title, note) {
  const made = element('section', {id}, element('h2', {}, title));
  if (note) {
    made.append(element('p', {class: 'note'}, note));
  }
  document.getElementById('main').append(made);
  document.getElementById('nav').append(element('a', {href: '#' + id}, title));
  return made;
}

function missing(parent, text) {
  parent.append(element('p', {class: 'missing'}, text));
}

// What a round, or one of its passes, is called.
function version(entry) {
  return 'V' + entry.round + (entry.pass ? ', pass ' + entry.pass : '');
}

// Says which rounds have no figures yet, and returns those that have.
function there(parent, entries, what) {
  const absent = entries.filter(entry => entry.missing);
  if (absent.length > 0) {
    missing(parent, absent.map(version).join(', ') + ': ' + what);
  }
  return entries.filter(entry => !entry.missing);
}

function table(parent, heads, rows) {
  const body = element('tbody');
  for (const row of rows) {
    body.append(element('tr', row.length === 1 ? {class: 'group'} : {}, ...row.map((cell, i) =>
      i === 0
        ? element('th', row.length === 1 ? {colspan: heads.length} : {}, cell)
        : element('td', {}, ...(Array.isArray(cell) ? cell : [cell])))));
  }
  parent.append(element('div', {class: 'scroll'}, element('table', {},
    element('thead', {}, element('tr', {}, ...heads.map(head => element('th', {}, head)))), body)));
}

function number(value, digits = 3) {
  return value === null || value === undefined ? '–' : value.toFixed(digits);
}

function signed(value, digits = 3) {
  return value === null || value === undefined ? '–' : (value > 0 ? '+' : '') + value.toFixed(digits);
}

function percent(value) {
  return value === null || value === undefined ? '–' : (100 * value).toFixed(1) + ' %';
}

function count(value) {
  return value === null || value === undefined ? '–' : value.toLocaleString('en');
}

function interval(estimate, shown) {
  return estimate[1] === null ? '' : shown(estimate[1]) + ' to ' + shown(estimate[2]);
}

function policyName(folder) {
  const round = /^v(\d+)\//.exec(folder || '');
  return round === null ? folder || '' : folder.includes('/sft/') ? 'SFT' : 'V' + round[1];
}
