'use strict';
const PAGE = 20;

function rewardLine(response, other) {
  const line = element('p', {class: 'rewards'}, 'reward ', element('b', {}, number(response.reward)));
  if (other && other.reward !== null && response.reward !== null) {
    const gain = response.reward - other.reward;
    line.append(' (', element('span', {class: gain < 0 ? 'down' : gain > 0 ? 'up' : 'same'}, signed(gain)), ')');
  }
  for (const name of ['helpfulness', 'safety', 'gold']) {
    if (response[name] !== null && response[name] !== undefined) {
      line.append(' · ' + name + ' ' + number(response[name]));
    }
  }
  line.append(' · ' + count(response.tokens) + ' tokens');
  return line;
}

function side(title, response, other) {
  return element('div', {class: 'side'}, element('h4', {}, title),
    response ? element('p', {class: 'response', dir: 'auto'}, response.text || '(empty)') : element('p', {class: 'rewards'}, 'no response'),
    response ? rewardLine(response, other) : null);
}

function card(sample, round, names) {
  const made = element('article', {class: 'card'});
  for (const [role, text] of sample.turns) {
    made.append(element('p', {class: 'turn', dir: 'auto'}, element('span', {class: 'role'}, role.toLowerCase()), text));
  }
  const here = sample.rounds[round] || {};
  made.append(element('div', {class: 'sides'},
    side('before V' + round + (names[round] ? ': policy of ' + names[round] : ''), here.before),
    side('after V' + round, here.after, here.before)));
  const rounds = Object.keys(sample.rounds).map(Number).sort((a, b) => a - b);
  if (rounds.length > 1) {
    const sides = element('div', {class: 'sides'});
    rounds.forEach((number, i) => {
      const of = sample.rounds[number];
      if (i === 0 && of.before) {
        sides.append(side('before V' + number, of.before));
      }
      sides.append(side('after V' + number, of.after));
    });
    made.append(element('details', {}, element('summary', {}, 'All rounds'),
      element('p', {class: 'note'}, 'Rewards by each round’s own models.'), sides));
  }
  return made;
}

function control(name, made, wide) {
  return element('label', wide ? {class: 'wide'} : {}, name, made);
}

function options(pairs) {
  return element('select', {}, ...pairs.map(([value, text]) => element('option', {value}, text)));
}

const ORDERS = {
  given: () => 0,
  best: (a, b) => b.after.reward - a.after.reward,
  worst: (a, b) => a.after.reward - b.after.reward,
  gained: (a, b) => (b.after.reward - b.before.reward) - (a.after.reward - a.before.reward),
  lost: (a, b) => (a.after.reward - a.before.reward) - (b.after.reward - b.before.reward)
};

function samples() {
  const parent = section('samples', 'Responses to held-out prompts', 'The first response of the policy before and after a round, side'
    + ' by side, with their rewards by the round’s models. At most 300 prompts, drawn by the run’s seed; a long text is cut at […],'
    + ' and of a long dialogue the last turns are shown.');
  const rounds = data.gains.filter(round => !round.missing);
  if (data.samples.length === 0) {
    missing(parent, 'No policy has answered held-out prompts yet.');
    return;
  }
  const names = Object.fromEntries(rounds.map(round => [round.round, policyName(round.report.policy_before)]));
  const search = element('input', {type: 'search', placeholder: 'words of prompt or response'});
  const round = options(rounds.map(one => [one.round, 'V' + one.round]).reverse());
  const low = element('input', {type: 'number', step: 'any'});
  const high = element('input', {type: 'number', step: 'any'});
  const order = options([['given', 'by chance'], ['best', 'highest reward'], ['worst', 'lowest reward'], ['gained', 'gained most'],
    ['lost', 'lost most']]);
  parent.append(element('div', {class: 'controls'}, control('Search', search, true), control('Round', round),
    control('Reward from', low), control('to', high), control('Order', order)));
  const found = element('p', {class: 'note', 'aria-live': 'polite'});
  const list = element('div');
  const more = element('button', {type: 'button'}, 'More');
  parent.append(found, list, more);
  let matching = [];
  function add() {
    const from = list.childElementCount;
    for (const sample of matching.slice(from, from + PAGE)) {
      list.append(card(sample, round.value, names));
    }
    more.hidden = list.childElementCount >= matching.length;
  }
  function filter() {
    const words = search.value.toLowerCase().split(/\s+/).filter(word => word !== '');
    matching = data.samples.filter(sample => {
      const here = sample.rounds[round.value];
      if (!here || !here.after || !here.before) {
        return false;
      }
      const text = sample.turns.map(turn => turn[1]).concat(here.before.text, here.after.text).join('\n').toLowerCase();
      return words.every(word => text.includes(word))
        && (low.value === '' || here.after.reward >= Number(low.value))
        && (high.value === '' || here.after.reward <= Number(high.value));
    });
    const rewards = sample => sample.rounds[round.value];
    matching.sort((a, b) => ORDERS[order.value](rewards(a), rewards(b)));
    found.textContent = count(matching.length) + ' of ' + count(data.samples.length) + ' prompts';
    list.replaceChildren();
    add();
  }
  more.addEventListener('click', add);
  for (const input of [search, round, low, high, order]) {
    input.addEventListener('input', filter);
  }
  filter();
}
