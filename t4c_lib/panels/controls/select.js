// One of a list that is too long for radio buttons.
controls.select = ({ model, el }) => {
  const select = make('select');
  frame(model, el, select);
  el.classList.add('t4c-fit');
  const choose = () => { select.value = model.get('index') ?? ''; };
  follow(model, ['labels'], () => {
    select.replaceChildren(...model.get('labels').map((label, place) => make('option', { value: place }, label)));
    choose();
  });
  follow(model, ['index'], choose);
  select.addEventListener('change', () => tell(model, 'index', Number(select.value)));
};
