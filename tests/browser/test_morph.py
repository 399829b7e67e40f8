"""What stands on a page is brought in step with what the kernel made anew, and nothing that somebody typed goes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.sync_api import Page

from t4c_lib.panels.controls import form_controls
from tests.served import ROOT

pytestmark = pytest.mark.browser
PROGRAM = (ROOT / "t4c_lib/panels/controls/morph.js").read_text(encoding="utf-8")
assert "morph" in form_controls.SHARED_PROGRAMS
NAMES = ("save", "open-round", "refuse")
FORM = (
    '<form data-form="{name}"><p>{words}</p>{more}<div><label for="{name}-a">A</label>'
    '<input id="{name}-a" name="amount"></div><div><input type="checkbox" name="agreed"></div>'
    '<fieldset><label><input type="radio" name="named" value="no" checked></label>'
    '<label><input type="radio" name="named" value="yes"></label></fieldset>'
    '<div><select name="kind"><option>to</option><option>by</option></select></div>{more}'
    '<textarea name="why"></textarea></form>'
)
MORE = (
    "",
    "<div><input></div>",
    "<div><input name='other'></div>",
    "<div><select><option>a</option></select></div>",
    "<div>b</div>",
)
# Types into each form that stands, brings the page in step, and says what there is of each.
TRIAL = """([program, pairs]) => {
  const { morph } = new Function(`${program}; return { morph };`)();
  const element = (html) => Object.assign(document.createElement('main'), { innerHTML: html });
  const FIELDS = ['amount', 'agreed', 'named', 'kind', 'why'];
  const said = ({ elements }) => FIELDS.map((one) => (one === 'agreed' ? elements[one].checked : elements[one].value));
  return pairs.map(([now, next]) => {
    const here = element(now);
    document.body.replaceChildren(here);
    const typed = new Map();
    for (const form of here.querySelectorAll('form')) {
      const { amount, agreed, named, kind, why } = form.elements;
      amount.value = why.value = `typed in ${form.dataset.form}`;
      agreed.checked = named[1].checked = true;
      kind.value = 'by';
      for (const one of [amount, agreed, named[1], kind, why]) one.t4cTyped = true;
      typed.set(form.dataset.form, said(form).join());
    }
    const focused = [...here.querySelectorAll('[name=amount]')].at(-1);
    focused.focus();
    morph(here, element(next));
    const after = new Map([...here.querySelectorAll('form')].map((form) => [form.dataset.form, said(form).join()]));
    return {
      html: here.innerHTML,
      wanted: element(next).innerHTML,
      isFocused: document.activeElement === focused || !focused.isConnected,
      lost: [...typed].filter(([name, values]) => after.has(name) && after.get(name) !== values),
    };
  });
}"""


def page_of(chance: random.Random, forms: list[str]) -> str:
    """Forms, each alone or in a section with a heading, among words that come and go."""
    parts = []
    for name in forms:
        parts += [f"<p>{chance.choice('abc')}</p>"] * chance.randint(0, 2)
        parts += ['<p role="alert">no</p>'] * chance.randint(0, 1) + ["<div><b>x</b></div>"] * chance.randint(0, 1)
        form = FORM.format(name=name, words=chance.choice("abc"), more=chance.choice(MORE))
        # One is always in its section, the others never.
        parts.append(f'<section aria-labelledby="h-{name}"><h3>r</h3>{form}</section>' if name == NAMES[1] else form)
    return "".join(parts + ["<details id='d'><summary>s</summary></details>"] * chance.randint(0, 1))


def test_what_was_typed_stays_whatever_comes_and_goes_around_it(page: Page) -> None:
    chance = random.Random(11)
    pairs = []
    for _ in range(400):
        before, after = (chance.sample(NAMES, chance.randint(1, 3)) for _ in range(2))
        pairs.append([page_of(chance, before), page_of(chance, after)])
    found: list[dict[str, Any]] = page.evaluate(TRIAL, [PROGRAM, pairs])
    assert [one for one in found if one["html"] != one["wanted"]] == []
    assert all(one["isFocused"] for one in found)
    assert [one["lost"] for one in found if one["lost"]] == []
