// What every page does: says when the line to its kernel is lost, keeps what was
// typed until it is saved, and gives names to controls that ipywidgets leaves without.
'use strict';

globalThis.t4c = (() => {
  // --- Charts ask for the program that draws them by this; front ends without it have their charts bring it along.
  let program;
  globalThis.t4cVegaChart = () => program ??= import(document.documentElement.dataset.chart);

  // --- The line to the kernel. A page whose kernel or server has gone looks alive but answers nothing, so say it. A
  // --- short break stays unmentioned.
  const BREAK = 5000;
  const LOOK = 1000; // between two looks whether the workbook answers again,
  const SOON = 250; // and once it was seen to be away
  const LONG = 12; // answers, after which a line that is not found again never will be
  const SAFE = 'What was saved is safe, and what you typed here is offered to you again when the page is loaded. ';
  let leaving = false;
  let over = false;
  let timer = 0;
  addEventListener('pagehide', () => { leaving = true; });

  function say(text) {
    const notice = document.getElementById('t4c-lost');
    const button = document.createElement('button');
    button.textContent = 'Reload the page';
    button.className = 'jupyter-button widget-button';
    button.addEventListener('click', () => location.reload());
    notice.replaceChildren(Object.assign(document.createElement('p'), { textContent: text }), button);
    notice.hidden = false;
  }

  // What stays until it is closed.
  function tell(text) {
    const notice = document.getElementById('t4c-failed') ?? document.querySelector('[role="main"], main').appendChild(
      Object.assign(document.createElement('div'), { id: 't4c-failed', className: 't4c-notice', role: 'alert' }),
    );
    const button = document.createElement('button');
    button.textContent = 'Close';
    button.className = 'jupyter-button widget-button';
    button.addEventListener('click', () => notice.remove());
    notice.replaceChildren(Object.assign(document.createElement('p'), { textContent: text }), button);
  }

  // The frame says it too, for as long as it lasts: what the figures are that still stand here.
  function sayInFrame(since) {
    const time = since?.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
    const part = document.querySelector('.t4c-frame [data-part=line]');
    if (part) part.textContent = since ? `Not connected: figures as at ${time}` : '';
  }

  // Which workbook answers: a word of its own for each start, empty where it doesn't say so, null where none answers.
  async function whoAnswers() {
    const { base } = document.documentElement.dataset;
    const asked = { cache: 'no-store', signal: AbortSignal.timeout(BREAK) };
    const answer = await fetch(`${base}health`, asked).catch(() => null);
    return answer && answer.json().then((told) => told.instance, () => '');
  }

  // While the line is lost. A workbook that was restarted never finds this page's line again.
  function listen(answers, wait = LOOK) {
    setTimeout(async () => {
      if (!timer || over || leaving) return;
      const who = await whoAnswers();
      if (!timer || over || leaving) return;
      const { server } = document.documentElement.dataset;
      if (who !== null && line.heard && who !== server) {
        clearTimeout(timer);
        say(`The workbook was restarted. This page goes on as soon as it is ready. ${SAFE}`);
        line.restarted().catch((error) => { console.error(error.stack); if (!leaving) location.reload(); });
        return;
      }
      if (answers === LONG && line.heard) {
        line.ended(); // the same workbook, and it has no program of this page's any more
        return;
      }
      if (who !== null) line.heard?.();
      if (answers === LONG) {
        say(
          `The workbook answers again, but was restarted and does not know this page. ${SAFE}Reload the page to go on.`,
        );
      } else if (who === null) listen(0, SOON);
      else listen(answers + 1);
    }, wait);
  }

  const line = {
    heard: null, // called when the workbook answers again, once the page is alive,
    restarted: null, // and this when it is another one than before
    lost() {
      if (leaving || timer || over) return;
      const since = new Date();
      timer = setTimeout(() => {
        sayInFrame(since);
        say(
          `The workbook has stopped answering. ${SAFE}It goes on by itself when the workbook answers again. If that takes `
          + 'long, reload the page; if that does not help, the workbook must be started again.',
        );
      }, BREAK);
      listen(0);
    },
    // A page that was painted can be read; to change anything it has to wait for room.
    full() {
      say(
        'As many pages of the workbook are open as may be at once. You can read this page; it goes on by itself, with '
        + 'what you have typed, as soon as there is room.',
      );
    },
    changed() {
      tell('Somebody saved while this page opened, so what you pressed was not done. Look at it again, then press.');
    },
    found() {
      clearTimeout(timer);
      timer = 0;
      if (over) return;
      sayInFrame(null);
      document.getElementById('t4c-lost').hidden = true;
    },
    ended() {
      over = true;
      sayInFrame(new Date());
      say(`The program behind this page has ended. ${SAFE}Reload the page to go on.`);
    },
    // Something that was asked for was not done. `reference` stands in the server's log, `ename` is the failure's kind.
    failed({ reference, ename }) {
      const why = ename === 'StoreError' ? 'the store can\u2019t be used just now' : 'the workbook failed at it';
      tell(reference
        ? `What you did last was not done: ${why}. What was saved before is safe. Quote reference ${reference} to `
          + 'whoever looks after the workbook.'
        : 'This page could not show what the workbook has answered, so it may not be up to date. What was saved is safe. '
          + 'Reload the page.');
    },
    ready() {
      document.getElementById('t4c-boot')?.remove();
    },
  };

  // The program may come while the page is still being sent, or after its end.
  const whenRead = (act) => {
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', act);
    else act();
  };

  // A notebook that can't even start leaves the boot message standing; after a minute, say so.
  whenRead(() => setTimeout(() => {
    const boot = document.getElementById('t4c-boot');
    if (boot) boot.textContent = 'This is taking longer than it should. The server\u2019s window may say why.';
  }, 60000));

  // --- Names for controls that ipywidgets leaves without one, and no name for what it calls "null". What a panel marks
  // --- with the class t4c-live is read out when it changes.
  let count = 0;
  function nameControls(root) {
    for (const label of root.querySelectorAll('.widget-label[title="null"]')) label.removeAttribute('title');
    for (const value of root.querySelectorAll('.widget-readout[contenteditable="true"]:not([role])')) {
      const label = value.closest('.jupyter-widgets')?.querySelector('.widget-label');
      value.setAttribute('role', 'textbox');
      value.setAttribute('aria-label', label?.textContent.trim() || 'Value');
    }
    for (const part of root.querySelectorAll('.t4c-live:not([aria-live])')) part.setAttribute('aria-live', 'polite');
    for (const handle of root.querySelectorAll('.noUi-handle[role="slider"]:not([aria-label])')) {
      const label = handle.closest('.jupyter-widgets')?.querySelector('.widget-label');
      if (label?.textContent.trim()) handle.setAttribute('aria-label', label.textContent.trim());
    }
    for (const box of root.querySelectorAll('.widget-radio-box:not([role])')) {
      const label = box.closest('.widget-radio')?.querySelector('.widget-label');
      if (!label?.textContent.trim()) continue;
      label.id ||= `t4c-label-${++count}`;
      box.setAttribute('role', 'radiogroup');
      // One name makes them one stop of the Tab key, as people who use the keyboard expect of radio buttons.
      for (const button of box.querySelectorAll('input[type="radio"]')) button.name = label.id;
      box.setAttribute('aria-labelledby', label.id);
    }
  }

  // --- What was typed, by page and by control: the control's name, and which of that name it is. Kept for the tab only.
  // What a page keeps itself for the whole meeting (data-kept) is none of it, and what a partner enters in a round is for
  // nobody who uses the browser after them (data-private).
  const CONTROLS = ':is(input:not([type="password"]):not([type="file"]):not([type="button"]):not([type="search"]), select, textarea):not([data-kept], [data-private] *)';
  const place = () => `t4c typed ${location.pathname}${location.search}`;

  const textOf = (...nodes) => nodes.map((node) => node?.textContent.trim()).find(Boolean) ?? '';
  const named = (node) => textOf(document.getElementById(node?.getAttribute('aria-labelledby')), node?.querySelector('legend'));

  function nameOf(control) {
    const group = control.type === 'radio' && control.closest('[role="radiogroup"], fieldset');
    return (group && named(group)) || control.getAttribute('aria-label')
      || textOf(document.getElementById(control.getAttribute('aria-labelledby')), control.labels?.[0],
        control.closest('.jupyter-widgets')?.querySelector('.widget-label')) || control.name || control.type;
  }

  function valueOf(control) {
    if (control.type === 'checkbox') return control.checked;
    if (control.multiple) return [...control.selectedOptions].map((option) => option.value);
    return control.value;
  }

  // Every control that can be typed into, by its key; a group of radio buttons is one, known by what is chosen. What
  // stands in an opened row (data-draft) is that row's alone: another row has fields of the same names.
  function allControls() {
    const found = new Map();
    const seen = new Map();
    for (const control of document.querySelectorAll(CONTROLS)) {
      const row = control.closest('[data-draft]')?.dataset.draft;
      const name = row ? `${nameOf(control)} of ${row}` : nameOf(control);
      if (control.type === 'radio') {
        const key = `radio ${name}`;
        const group = found.get(key) ?? { name, buttons: [], read: () => textOf(group.buttons.find((one) => one.checked)?.labels[0]) };
        group.buttons.push(control);
        found.set(key, group);
      } else {
        const nth = (seen.get(name) ?? 0) + 1;
        seen.set(name, nth);
        found.set(`${nth} ${name}`, { name, control, read: () => valueOf(control) });
      }
    }
    return found;
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem(place())) ?? {};
    } catch {
      return {};
    }
  }

  function keep(typed) {
    try {
      if (Object.keys(typed).length) sessionStorage.setItem(place(), JSON.stringify(typed));
      else sessionStorage.removeItem(place());
    } catch { /* a browser that keeps nothing for pages offers nothing again */ }
  }

  function typedIn(event) {
    if (!event.isTrusted || !event.target.matches?.(CONTROLS)) return;
    for (const [key, one] of allControls()) {
      if (one.control !== event.target && !one.buttons?.includes(event.target)) continue;
      const typed = kept();
      delete typed[key]; // the latest comes last: that is the order in which it is put back
      keep({ ...typed, [key]: one.read() });
    }
  }
  addEventListener('input', typedIn, true);
  addEventListener('change', typedIn, true);

  // A press that changes which fields there are, and saves nothing, is kept as well: with what stood in the fields.
  let puttingBack = false;
  addEventListener('click', ({ target }) => {
    const button = target.closest?.('.t4c-shapes button');
    const controls = [...button?.closest('.t4c-shapes').querySelectorAll(CONTROLS) ?? []];
    if (!button || puttingBack) return;
    const typed = kept();
    const fields = [...allControls()].filter(([, one]) => controls.includes(one.control)).map(([key, one]) => [key, one.read()]);
    keep({ ...typed, [`press ${Object.keys(typed).length} ${Date.now()}`]: { button: button.textContent, fields } });
  }, true);

  async function pressAgain({ button, fields }, idle) {
    for (const [key, value] of fields) {
      const one = allControls().get(key);
      if (one && !same(one.read(), value)) put(one, value);
    }
    await idle();
    [...document.querySelectorAll('.t4c-shapes button')].find((one) => one.textContent === button)?.click();
  }

  // The row that a field belongs to is opened again; its form comes with the kernel's answer.
  async function openRowOf(key, idle) {
    const row = / of (\S+)$/.exec(key)?.[1];
    const opener = row && document.querySelector(`[data-do="open"][data-row="${CSS.escape(row)}"]`);
    if (!opener) return;
    opener.click();
    for (let turn = 0; turn < 50 && !document.querySelector(`[data-draft="${CSS.escape(row)}"]`); turn += 1) {
      await idle();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  function put(one, value) {
    if (one.buttons) {
      one.buttons.find((button) => textOf(button.labels[0]) === value)?.click();
      return;
    }
    const { control } = one;
    if (control.type === 'checkbox') control.checked = value;
    else if (control.multiple) for (const option of control.options) option.selected = value.includes(option.value);
    else control.value = value;
    for (const name of ['input', 'change']) control.dispatchEvent(new Event(name, { bubbles: true }));
  }

  const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  const drafts = {
    // What was typed is settled, but for what stands in these controls.
    forget(but = []) {
      keep(Object.fromEntries([...allControls()].filter(([, one]) => but.includes(one.control)).map(([key, one]) => [key, one.read()])));
    },
    // Ask whether what was typed before the page was reloaded is to be put back. `idle` resolves once the kernel has
    // done what it was asked: one control's answer may change which others there are.
    offer(idle = frame) {
      const typed = kept();
      const now = allControls();
      const lost = Object.keys(typed).filter((key) => !now.has(key) || !same(now.get(key).read(), typed[key]));
      if (!lost.length) return;
      const notice = document.createElement('div');
      notice.className = 't4c-aside t4c-typed';
      notice.setAttribute('role', 'status');
      const text = document.createElement('p');
      const called = lost.map((key) => textOf(now.get(key)?.control?.labels?.[0]).replace(/ if known$/, '')).filter(Boolean);
      const what = called.length ? ` (${called.slice(0, 3).join(', ')}${called.length > 3 ? ` and ${called.length - 3} more` : ''})` : '';
      text.textContent = `You had typed something here that was not saved${what}.`;
      const [back, forget] = ['Put it back', 'Forget it'].map((label) => {
        const button = document.createElement('button');
        button.className = 'jupyter-button widget-button';
        button.textContent = label;
        return button;
      });
      back.addEventListener('click', async () => {
        puttingBack = true;
        for (const key of Object.keys(typed)) {
          if (!key.startsWith('press ') && !allControls().has(key)) await openRowOf(key, idle);
          const one = allControls().get(key);
          if (one && !same(one.read(), typed[key])) put(one, typed[key]);
          if (key.startsWith('press ')) await pressAgain(typed[key], idle);
          await idle();
          await frame();
        }
        puttingBack = false;
        const missing = lost.filter((key) => !key.startsWith('press ') && !allControls().has(key)).length;
        notice.replaceChildren(text);
        const none = 'It can\u2019t be put back: its fields are not here any more.';
        const some = missing === lost.length ? none : 'What could be put back is back.';
        text.textContent = missing ? some : 'What you had typed is back.';
        addEventListener('click', () => notice.remove(), { once: true }); // read by then
      });
      forget.addEventListener('click', () => { drafts.forget(); notice.remove(); });
      notice.append(text, back, forget);
      const main = document.querySelector('[role="main"], main');
      main.prepend(notice);
      // Once the browser has settled where the reader was: it keeps what was in sight there, not what came above.
      frame().then(frame).then(() => notice.scrollIntoView({ block: 'center' }));
    },
  };

  whenRead(() => {
    let planned = false;
    const look = () => {
      planned = false;
      nameControls(document);
      // Whatever saves marks its answer with data-t4c-saved.
      for (const saved of document.querySelectorAll('[data-t4c-saved]:not([data-t4c-seen])')) {
        saved.setAttribute('data-t4c-seen', '');
        drafts.forget();
        // What was said of an earlier try, or of what was typed before, no longer holds.
        for (const old of document.querySelectorAll('#t4c-failed, .t4c-typed')) old.remove();
      }
    };
    look();
    new MutationObserver(() => {
      if (planned) return;
      planned = true;
      requestAnimationFrame(look);
    }).observe(document.body, { childList: true, subtree: true });
  });

  return { line, drafts, whenRead };
})();
