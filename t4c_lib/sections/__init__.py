"""Sections: heading, sentences, picture, table. Made once, shown alike by a page and a report."""

from t4c_lib.sections.section import Fact, Section, Sections, page_of
