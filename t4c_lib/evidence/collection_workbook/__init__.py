"""The collection workbook: asks an organisation for the figures of its measures, and reads what was filled in."""

from t4c_lib.evidence.collection_workbook.request import Collection, MeasureRequest, Rhythm, collect
