// What Voila's front end expects of a page, and what it leaves out. Loaded in the head, before anything of Voila's.
'use strict';

// --- Voila's front end calls these: both the theme and the cells must be there before the page shows.
window.voila_heartbeat = () => {};
window.voila_process = () => {};
window.voila_finish = () => {
  if (!window.themeLoaded) {
    window.cellLoaded = true;
    return;
  }
  document.body.classList.remove('t4c-booting');
  document.getElementById('t4c-boot')?.remove();
};

// --- A notebook that can't even start leaves the boot message standing; after a minute, say so.
addEventListener('DOMContentLoaded', () => setTimeout(() => {
  const boot = document.getElementById('t4c-boot');
  if (boot) boot.textContent = 'This is taking longer than it should. The server\u2019s window may say why.';
}, 60000));

// --- A page whose kernel or server has gone looks alive but answers nothing, so say it. A short break (the socket is
// --- opened again within five seconds) stays unmentioned.
const patience = 5000;
let leaving = false;
let timer = 0;
addEventListener('pagehide', () => { leaving = true; });
function lost() {
  if (leaving || timer) return;
  timer = setTimeout(() => {
    const notice = document.getElementById('t4c-lost');
    notice.textContent = 'The workbook has stopped answering. What was saved is safe. Load the page again to go on; '
      + 'if that does not help, start the server again.';
    notice.hidden = false;
  }, patience);
}
function found() {
  clearTimeout(timer);
  timer = 0;
  document.getElementById('t4c-lost').hidden = true;
}
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener('open', found);
    this.addEventListener('close', lost);
    this.addEventListener('error', lost);
  }
};

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
document.addEventListener('DOMContentLoaded', () => {
  let planned = false;
  new MutationObserver(() => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; nameControls(document); });
  }).observe(document.body, { childList: true, subtree: true });
});
