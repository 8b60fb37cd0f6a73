"""What made-up people write: words in the forms in which they stand in sentences."""

from collections.abc import Mapping, Sequence
from typing import Final

from taskbot.domain.user import Language


def _each_in(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_Words = Mapping[Language, Sequence[str]]

VERBS: Final[_Words] = {
    Language.RUSSIAN: _each_in(
        "Купить Позвонить Заказать Отправить Проверить Подготовить Забрать Оплатить Починить "
        "Записаться Обсудить Написать Найти Сдать Выбрать Перенести Согласовать Убрать"
    ),
    Language.ENGLISH: _each_in(
        "Buy Call Order Send Check Prepare Collect Pay Repair Book Discuss Write Find Return "
        "Choose Move Review Clean"
    ),
}
THINGS: Final[_Words] = {
    Language.RUSSIAN: _each_in(
        "молоко молока хлеб хлеба отчёт отчёты договор договора билеты билет врачу врача маму "
        "маме подарок подарки квартиру квартиры машину машины книгу книги библиотеку встречу "
        "встречи письмо письма счёт счета ёлку ёлки собаку собаки телефон телефона сыну сына "
        "ремонт ремонта налоги налог страховку страховки продукты продуктов проект проекта"
    ),
    Language.ENGLISH: _each_in(
        "milk bread report reports contract contracts tickets ticket doctor doctors mother gift "
        "gifts flat flats car cars book books library meeting meetings letter letters bill bills "
        "tree trees dog dogs phone phones son sons repair repairs taxes tax insurance groceries "
        "project projects invoice invoices garden gardens"
    ),
}
CATEGORIES: Final[_Words] = {
    Language.RUSSIAN: _each_in(
        "Дом Работа Семья Здоровье Покупки Учёба Финансы Поездки Дача Машина Спорт Книги"
    ),
    Language.ENGLISH: _each_in(
        "Home Work Family Health Shopping Study Finance Travel Garden Car Sport Books"
    ),
}
NAMES: Final[_Words] = {
    Language.RUSSIAN: _each_in("Анна Иван Мария Пётр Ольга Дмитрий Елена Сергей"),
    Language.ENGLISH: _each_in("Ada Ben Clara Dan Emma Frank Grace Henry"),
}
TIMEZONES: Final[_Words] = {
    Language.RUSSIAN: _each_in(
        "Europe/Moscow Europe/Moscow Europe/Moscow Asia/Yekaterinburg Asia/Novosibirsk "
        "Europe/Kaliningrad Asia/Almaty Asia/Vladivostok"
    ),
    Language.ENGLISH: _each_in(
        "Europe/London America/New_York America/Los_Angeles Europe/Berlin Asia/Kolkata "
        "Australia/Sydney Asia/Tokyo UTC"
    ),
}
