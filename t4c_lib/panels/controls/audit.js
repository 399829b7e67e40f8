// The auditor's page: its form is the browser's own, and nothing on it changes while it stands.
controls.audit = ({ model, el }) => {
  if (!el.firstElementChild) fill(el, parsedElement(model));
};
