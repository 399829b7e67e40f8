// One of a few, all in sight. One stop of the Tab key; arrows move within, as the browser does it.
controls.radio = ({ model, el }) => {
  const choices = make('div', { class: 't4c-choices' });
  const { field } = frame(model, el, choices, { group: true });
  field.setAttribute('role', 'radiogroup');
  const name = newId();
  const check = () => {
    for (const input of choices.querySelectorAll('input')) input.checked = Number(input.value) === model.get('index');
  };
  follow(model, ['labels'], () => {
    choices.replaceChildren(...model.get('labels').map((label, place) => {
      const input = make('input', { type: 'radio', name, value: place });
      input.disabled = model.get('disabled');
      return make('label', { class: 't4c-choice' }, input, make('span', {}, label));
    }));
    check();
  });
  follow(model, ['index'], check);
  choices.addEventListener('change', (event) => tell(model, 'index', Number(event.target.value)));
};
