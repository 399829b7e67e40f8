// Who else has a page of this organisation open: the server is asked now and then, and the frame shows it.
const EVERY = 5000; // milliseconds
const listed = new Intl.ListFormat('en-GB');

function show(part, others) {
  const names = others.filter(Boolean);
  const nameless = others.length - names.length;
  const rest = nameless ? [`${nameless} without a name`] : [];
  part.querySelector('summary').textContent = `${others.length + 1} people here`;
  part.querySelector('p').textContent = `${listed.format(['You', ...names, ...rest])}.`;
  part.hidden = !others.length;
}

// `kernelId` gives the page's kernel as it is just now, `headers` what the server must be asked with.
export function showOthers(kernelId, { base }, headers) {
  const ask = async () => {
    const part = document.querySelector('.t4c-here');
    if (!part || document.hidden) return;
    const typed = [...document.querySelectorAll('[data-who=by]')].map((one) => one.value).find(Boolean);
    const name = typed ?? sessionStorage.getItem('t4c by') ?? '';
    const body = JSON.stringify({ organisation: part.dataset.organisation, name });
    const asked = fetch(`${base}here/${kernelId()}`, { method: 'POST', headers: headers(), body });
    const told = await asked.then((answer) => answer.ok && answer.json()).catch(() => null); // the line tells that
    if (told) show(part, told.others);
  };
  setInterval(ask, EVERY);
  addEventListener('change', ({ target }) => { if (target.dataset?.who === 'by') ask(); });
  ask();
}
