// What an X comes to, worked out where it is typed: goal, whole people, sentence, and the reading it is mistaken for.
// The same as t4c_lib/quantities (change.py, baseline.py), word for word: tests/browser/test_arithmetic.py compares them.
// Where the two meet a change that can't be, there is null here; the words for why come from the library.

const arithmetic = (() => {
  const HEADS_TOLERANCE = 1e-9;

  // Python rounds a number that lies just between two to the even one, JavaScript away from zero.
  function fixed(value, decimals) {
    const size = Math.abs(value);
    const halves = size * 2 ** (decimals + 1);
    if (!Number.isInteger(halves) || halves % 2 === 0) return value.toFixed(decimals);
    const below = Math.floor(size * 10 ** decimals);
    const even = (below % 2 ? below + 1 : below) / 10 ** decimals;
    return `${value < 0 ? '-' : ''}${even.toFixed(decimals)}`;
  }

  function number(value, decimals = 1) {
    const [whole, rest = ''] = fixed(value, decimals).split('.');
    const part = rest.replace(/0+$/, '');
    const text = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (part ? `.${part}` : '');
    return text === '-0' ? '0' : text;
  }

  // What is rounded to nothing has no sign.
  const percent = (share, decimals = 1) => `${fixed(share * 100, decimals).replace(/^-(?=[0.]+$)/, '')}%`;

  function percentPair(one, other) {
    let texts = [];
    for (const decimals of [1, 2, 3]) {
      texts = [percent(one, decimals), percent(other, decimals)];
      if (texts[0] !== texts[1] || one === other) break;
    }
    return texts;
  }

  // With how many decimals, one to three, a percentage was typed; one where it can't have been typed so.
  const typedDecimals = (share) => [1, 2, 3].find((some) => Math.abs(Number(fixed(share * 100, some)) - share * 100) < 1e-9) ?? 1;

  function points(difference) {
    const text = number(Math.abs(difference) * 100, 2);
    return `${text} percentage point${text === '1' ? '' : 's'}`;
  }

  function countOf(amount, things) {
    const text = number(amount);
    const space = things.indexOf(' ');
    let [head, tail] = space < 0 ? [things, ''] : [things.slice(0, space), things.slice(space + 1)];
    if (text === '1') head = head === 'people' ? 'person' : head.replace(/s$/, '');
    return [text, head, tail].filter(Boolean).join(' ');
  }

  // A baseline is { value, numerator, denominator, unit, counted, base, when }; `when` is its period in words.
  const isFraction = ({ unit }) => unit !== 'count';
  const known = (number) => number !== null && number !== undefined;

  function rawGoal({ kind, amount }, baseline) {
    const { value, numerator, denominator } = baseline;
    if (kind === 'level') return amount;
    if ((kind === 'multiple' || kind === 'relative') && value === 0) return null;
    if (kind === 'multiple') return value * amount;
    if (kind === 'relative') return value * (1 + amount);
    if (kind === 'points') return isFraction(baseline) ? value + amount : null;
    if (!isFraction(baseline)) return value + amount;
    return known(numerator) && known(denominator) ? (numerator + amount) / denominator : null;
  }

  // The value to reach; null where there can be none.
  function goal(change, baseline) {
    const { kind, amount } = change;
    if (!Number.isFinite(amount) || (kind === 'level' && amount < 0) || (kind === 'multiple' && amount <= 0)) return null;
    const raw = rawGoal(change, baseline);
    if (raw === null || raw < -1e-12 || (baseline.unit === 'share' && raw > 1 + 1e-12)) return null;
    return Math.max(raw, 0);
  }

  function heads(aim, baseline, now) {
    if (!isFraction(baseline)) {
      const more = aim - baseline.value;
      return more >= 0 ? Math.ceil(more - HEADS_TOLERANCE) : Math.floor(more + HEADS_TOLERANCE);
    }
    const counted = now?.denominator ? now : baseline;
    if (!known(counted.numerator) || !known(counted.denominator)) return null;
    const reached = aim * counted.denominator;
    const whole = aim >= baseline.value
      ? Math.ceil(reached - HEADS_TOLERANCE * Math.max(1, reached)) : Math.floor(reached + HEADS_TOLERANCE);
    return Number(fixed(whole - counted.numerator, 0));
  }

  function inPeople(baseline, aim, people, now) {
    const same = now && now.numerator === baseline.numerator && now.denominator === baseline.denominator;
    const isToday = Boolean(now?.denominator) && !same;
    const counted = isToday ? now : baseline;
    if (people === null || !known(counted.denominator)) return [];
    const rising = aim >= baseline.value;
    const size = number(counted.denominator);
    if (isToday && (rising ? people <= 0 : people >= 0)) {
      return [`which today's ${number(counted.numerator ?? 0)} of ${size} are already`];
    }
    const direction = rising ? 'more' : 'fewer';
    const one = countOf(1, baseline.counted).slice(2);
    const extra = Math.abs(people) === 1 ? `1 ${direction} ${one}`
      : countOf(Math.abs(people), `${direction} ${baseline.counted}`);
    if (isToday) return [`${extra} than now if the ${baseline.base} stays at today's ${size}`];
    return [`${extra} if the ${baseline.base} stays at ${size}${baseline.when ? ` (${baseline.when})` : ''}`];
  }

  function sentence({ kind, amount }, baseline, aim, people, now) {
    const gap = aim - baseline.value;
    if (!isFraction(baseline)) {
      const size = Math.abs(gap);
      const relative = baseline.value ? ` (${number((size / baseline.value) * 100)}%)` : '';
      const way = aim >= baseline.value ? 'more' : 'fewer';
      return `from ${number(baseline.value)} to ${countOf(aim, baseline.counted)}: ${number(size)} ${way}${relative}`;
    }
    const typed = kind === 'level' ? typedDecimals(aim) : 1; // a level is said with the digits that were typed
    const [start, end] = typed > 1 ? [baseline.value, aim].map((one) => percent(one, typed)) : percentPair(baseline.value, aim);
    // Of a level the points are worked out: so many as lie between the two figures that stand before them.
    let first = points(kind === 'level' ? (parseFloat(end) - parseFloat(start)) / 100 : gap);
    if (kind === 'relative') {
      const way = gap >= 0 ? 'more' : 'less';
      first = `${number(Math.abs(amount) * 100, 2)}% ${way} than the baseline share, ${first}`;
    }
    if (kind === 'multiple') first = `${amount === 2 ? 'twice' : `${number(amount, 2)} times`} the baseline share, ${first}`;
    return `from ${start} to ${end}: ${[first, ...inPeople(baseline, aim, people, now)].join(', ')}`;
  }

  // Goal, heads and sentence of a change { kind, amount } on a baseline; people are today's where `now` has their number.
  function reading(change, baseline, now = null) {
    const aim = goal(change, baseline);
    if (aim === null) return null;
    const people = heads(aim, baseline, now);
    return { kind: change.kind, goal: aim, heads: people, sentence: sentence(change, baseline, aim, people, now) };
  }

  // The same X in the reading it is most easily mistaken for.
  function twin({ kind, amount }, baseline, now = null) {
    const fraction = isFraction(baseline);
    const other = {
      points: () => ['relative', amount],
      relative: () => (fraction ? ['points', amount] : ['count', amount * 100]),
      level: () => [fraction ? 'points' : 'count', amount],
      count: () => ['relative', amount / 100],
      multiple: () => ['relative', amount],
    }[kind]();
    return reading({ kind: other[0], amount: other[1] }, baseline, now);
  }

  return { rounded: (value, decimals) => Number(fixed(value, decimals)), number, percent, typedDecimals, countOf, reading, twin };
})();
