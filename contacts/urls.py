"""Addresses of customers."""

from django.urls import path

from contacts.views import imports, lists, records

app_name = "contacts"
urlpatterns = [
    path("", lists.ContactListView.as_view(), name="list"),
    path("accounts/", lists.AccountListView.as_view(), name="accounts"),
    path("export/", lists.ExportView.as_view(), name="export"),
    path("new/", records.ContactCreateView.as_view(), name="create"),
    path("accounts/new/", records.AccountCreateView.as_view(), name="create_account"),
    path("duplicates/", records.DuplicatesView.as_view(), name="duplicates"),
    path("<int:pk>/", records.PartyView.as_view(), name="record"),
    path("<int:pk>/edit/", records.PartyEditView.as_view(), name="edit"),
    path("<int:pk>/feed/", records.FeedView.as_view(), name="feed"),
    path("<int:pk>/note/", records.NoteView.as_view(), name="note"),
    path("<int:pk>/task/", records.TaskView.as_view(), name="task"),
    path("<int:pk>/tasks/", records.TasksPanelView.as_view(), name="tasks_panel"),
    path("tasks/<int:pk>/done/", records.TaskDoneView.as_view(), name="task_done"),
    path("tasks/<int:pk>/open/", records.TaskReopenView.as_view(), name="task_reopen"),
    path("<int:pk>/consent/", records.ConsentView.as_view(), name="consent"),
    path("<int:pk>/ledger/", records.LedgerView.as_view(), name="ledger"),
    path("<int:pk>/archive/", records.ArchiveView.as_view(), name="archive"),
    path("<int:pk>/restore/", records.RestoreView.as_view(), name="restore"),
    path("imports/", imports.ImportListView.as_view(), name="imports"),
    path("imports/new/", imports.UploadView.as_view(), name="import"),
    path("imports/<int:pk>/columns/", imports.ColumnsView.as_view(), name="import_columns"),
    path("imports/<int:pk>/check/", imports.CheckView.as_view(), name="import_check"),
    path("imports/<int:pk>/", imports.ReportView.as_view(), name="import_report"),
    path("imports/<int:pk>/refused.csv", imports.RefusedFileView.as_view(), name="import_refused"),
]
