// What Voila's own front end expects of a page, and what it leaves out. Loaded in the head, before anything of Voila's.
'use strict';

// It calls these: both the theme and the cells must be there before the page shows.
window.voila_heartbeat = () => {};
window.voila_process = () => {};
window.voila_finish = () => {
  if (!window.themeLoaded) {
    window.cellLoaded = true;
    return;
  }
  t4c.line.ready();
  setTimeout(t4c.drafts.offer, 1000); // nothing tells when all its widgets are there
};

// It keeps its connection to itself, so it is watched from outside.
window.WebSocket = class extends WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener('open', t4c.line.found);
    this.addEventListener('close', t4c.line.lost);
    this.addEventListener('error', t4c.line.lost);
  }
};
