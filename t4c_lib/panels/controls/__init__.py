"""Controls on the browser's own elements: one look, a label always, errors in words, all of it by keyboard."""

from t4c_lib.panels.controls.buttons import Button, Message, Undo
from t4c_lib.panels.controls.choice import Check, Radio, Select
from t4c_lib.panels.controls.fields import Number, Text
from t4c_lib.panels.controls.layout import Dialog, Table, Tabs
from t4c_lib.panels.controls.upload import Upload, UploadedFile

__all__ = [
    "Button",
    "Check",
    "Dialog",
    "Message",
    "Number",
    "Radio",
    "Select",
    "Table",
    "Tabs",
    "Text",
    "Undo",
    "Upload",
    "UploadedFile",
]
