"""The five house views. A page that fits none of them is a plain HouseView."""

from crm.ui.views.base import HouseView
from crm.ui.views.lists import ListView
from crm.ui.views.records import ConfirmView, CreateView, EditView, FormView, RecordView

__all__ = ["ConfirmView", "CreateView", "EditView", "FormView", "HouseView", "ListView", "RecordView"]
