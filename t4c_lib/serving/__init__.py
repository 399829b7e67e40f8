"""The pages of the workbook, served to this machine and to no other."""

from t4c_lib.serving.access import Access
from t4c_lib.serving.pages import Page, find_pages
from t4c_lib.serving.run import serve
