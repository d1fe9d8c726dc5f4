"""The document management system of an agency (Hệ thống quản lý văn bản và điều hành)."""
