"""What else buttons of the dialogue carry."""

from aiogram.filters.callback_data import CallbackData


class CategoriesPage(CallbackData, prefix="qc"):
    """Another page of the categories to choose from."""

    page: int
