// A file from this computer. Checked here first, so that what is too large or of another kind is never sent.
controls.upload = ({ model, el }) => {
  const input = make('input', { type: 'file' });
  const { field } = frame(model, el, input);
  const state = make('p', { class: 't4c-state', role: 'status' });
  field.append(state);
  follow(model, ['endings'], () => { input.accept = model.get('endings').join(','); });
  follow(model, ['state'], () => { state.textContent = model.get('state'); });
  const refuse = (text) => {
    input.value = '';
    state.textContent = '';
    tell(model, 'error', text);
  };
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (!file) return;
    const endings = model.get('endings');
    const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
    if (endings.length && !endings.some((ending) => file.name.toLowerCase().endsWith(ending)))
      return refuse(`${file.name} is of another kind: only ${endings.join(', ')} can be read here.`);
    if (file.size > model.get('largest'))
      return refuse(`${file.name} has ${megabytes(file.size)}; at most ${megabytes(model.get('largest'))} can be uploaded here.`);
    if (model.get('error')) tell(model, 'error', '');
    state.textContent = `Handing in ${file.name} …`;
    try {
      model.send({ kind: 'file', name: file.name }, undefined, [await file.arrayBuffer()]);
    } catch (error) {
      console.error(error);
      refuse(`${file.name} could not be read. It may have been moved or be open in another program.`);
    }
  });
};
