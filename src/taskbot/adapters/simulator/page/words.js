/** The page's own words in two languages, and how it writes times. What the bot says is the bot's. */

import { memory } from "./dom.js";

const WORDS = {
  en: {
    title: "Telegram simulator",
    subtitle: "Whose phone are you holding?",
    people: "People",
    switchLanguage: "Переключить на русский",
    otherLanguage: "RU",
    theme: { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
    newPerson: "New person",
    clear: "Clear everything",
    clearQuestion: "Clear everything?",
    clearText: "All people, their messages and files will be forgotten. The bot keeps its own data.",
    clearYes: "Clear",
    cancel: "Cancel",
    close: "Close",
    ok: "OK",
    backToPeople: "Back to the people",
    unreadElsewhere: (count) => `Back to the people, ${count} unread`,
    menu: "Menu",
    messages: "Messages",
    message: "Message",
    send: "Send",
    save: "Save",
    attach: "Attach",
    commands: "The bot's commands",
    noCommands: "The bot has not named its commands yet",
    keyboard: "The bot's keyboard",
    toLatest: "To the latest messages",
    toLatestNew: (count) => `To the latest messages, ${count} new`,
    welcomeTitle: "A chat with your bot, without Telegram",
    welcomeText: "Play one person or several, and write to the bot as they would. Nothing leaves this machine.",
    chooseTitle: "Choose a person",
    chooseText: "or make a new one",
    quick: [
      { first_name: "Anna", username: "anna", language_code: "ru" },
      { first_name: "John", username: "john", language_code: "en" },
    ],
    custom: "Somebody else…",
    firstName: "First name",
    username: "Username",
    optional: "optional",
    usernameHint: "Latin letters, digits and _, from 3 characters, a letter first",
    personLanguage: "Language of their Telegram",
    languages: { ru: "Русский", en: "English" },
    create: "Create",
    bot: "bot",
    youAre: (name) => `bot · you are ${name}`,
    typing: "typing…",
    noBot: "the bot is not running",
    notPressedStart: "Has not pressed Start yet",
    noMessages: "No messages yet",
    canDo: "What can this bot do?",
    greeting: (name) => `Press Start below, and ${name} will get to know the bot.`,
    start: "Start",
    block: "Block the bot",
    unblock: "Unblock the bot",
    blocked: "The bot is blocked",
    deactivated: "This account is deleted",
    sendStart: "Send /start",
    you: "You",
    edited: "edited",
    photo: "Photo",
    file: "File",
    sticker: "Sticker",
    location: "Location",
    openPhoto: "Enlarge the photo",
    download: (name) => `Download ${name}`,
    forwardedFrom: (name) => `Forwarded from ${name}`,
    deletedMessage: "Deleted message",
    actions: "Actions",
    reply: "Reply",
    edit: "Edit",
    copy: "Copy the text",
    copied: "Copied",
    notCopied: "The browser did not let the text be copied",
    forward: "Forward to the bot",
    replyTo: (name) => `Reply to ${name}`,
    editing: "Edit message",
    stopContext: "Cancel",
    notAnswered: "The bot did not answer the press",
    offered: "What the bot offers to send",
    nothingOffered: "The bot has nothing to offer",
    notOffered: "The bot did not answer",
    openLink: "Open this link?",
    open: "Open",
    cannotOpen: "Only Telegram itself can do this",
    caption: "Caption",
    pickPlace: "Where are they?",
    places: [
      ["Moscow", 55.7558, 37.6173],
      ["Kaliningrad", 54.7104, 20.4522],
      ["Vladivostok", 43.1155, 131.8855],
      ["London", 51.5074, -0.1278],
      ["New York", 40.7128, -74.006],
      ["Kathmandu", 27.7172, 85.324],
    ],
    latitude: "Latitude",
    longitude: "Longitude",
    pickSticker: "A sticker",
    reconnecting: "Reconnecting…",
    unread: (count) => `${count} unread`,
    bytes: ["B", "KB", "MB"],
    dropped: "Only one file at a time",
  },
  ru: {
    title: "Симулятор Telegram",
    subtitle: "Чей телефон у вас в руках?",
    people: "Люди",
    switchLanguage: "Switch to English",
    otherLanguage: "EN",
    theme: { auto: "Тема: как в системе", light: "Тема: светлая", dark: "Тема: тёмная" },
    newPerson: "Новый человек",
    clear: "Очистить всё",
    clearQuestion: "Очистить всё?",
    clearText: "Все люди, их сообщения и файлы будут забыты. Свои данные бот сохранит.",
    clearYes: "Очистить",
    cancel: "Отмена",
    close: "Закрыть",
    ok: "Понятно",
    backToPeople: "К списку людей",
    unreadElsewhere: (count) => `К списку людей, непрочитанных: ${count}`,
    menu: "Меню",
    messages: "Сообщения",
    message: "Сообщение",
    send: "Отправить",
    save: "Сохранить",
    attach: "Прикрепить",
    commands: "Команды бота",
    noCommands: "Бот ещё не назвал своих команд",
    keyboard: "Клавиатура бота",
    toLatest: "К последним сообщениям",
    toLatestNew: (count) => `К последним сообщениям, новых: ${count}`,
    welcomeTitle: "Чат с вашим ботом без Telegram",
    welcomeText: "Сыграйте одного человека или нескольких и напишите боту от их имени. Ничто не покидает эту машину.",
    chooseTitle: "Выберите человека",
    chooseText: "или создайте нового",
    quick: [
      { first_name: "Анна", username: "anna", language_code: "ru" },
      { first_name: "John", username: "john", language_code: "en" },
    ],
    custom: "Кто-то другой…",
    firstName: "Имя",
    username: "Имя пользователя",
    optional: "необязательно",
    usernameHint: "Латинские буквы, цифры и _, от 3 знаков, первой буква",
    personLanguage: "Язык в Telegram",
    languages: { ru: "Русский", en: "English" },
    create: "Создать",
    bot: "бот",
    youAre: (name) => `бот · вы — ${name}`,
    typing: "печатает…",
    noBot: "бот не запущен",
    notPressedStart: "Ещё не нажимал(а) «Старт»",
    noMessages: "Сообщений пока нет",
    canDo: "Что умеет этот бот?",
    greeting: (name) => `Нажмите «Старт» внизу, чтобы познакомить бота с человеком по имени ${name}.`,
    start: "Старт",
    block: "Заблокировать бота",
    unblock: "Разблокировать бота",
    blocked: "Бот заблокирован",
    deactivated: "Этот аккаунт удалён",
    sendStart: "Отправить /start",
    you: "Вы",
    edited: "изменено",
    photo: "Фотография",
    file: "Файл",
    sticker: "Стикер",
    location: "Геопозиция",
    openPhoto: "Увеличить фотографию",
    download: (name) => `Скачать ${name}`,
    forwardedFrom: (name) => `Переслано от ${name}`,
    deletedMessage: "Удалённое сообщение",
    actions: "Действия",
    reply: "Ответить",
    edit: "Изменить",
    copy: "Скопировать текст",
    copied: "Скопировано",
    notCopied: "Браузер не дал скопировать текст",
    forward: "Переслать боту",
    replyTo: (name) => `В ответ ${name}`,
    editing: "Изменение сообщения",
    stopContext: "Отменить",
    notAnswered: "Бот не ответил на нажатие",
    offered: "Что предлагает отправить бот",
    nothingOffered: "Боту нечего предложить",
    notOffered: "Бот не ответил",
    openLink: "Открыть ссылку?",
    open: "Открыть",
    cannotOpen: "Это умеет только сам Telegram",
    caption: "Подпись",
    pickPlace: "Где этот человек?",
    places: [
      ["Москва", 55.7558, 37.6173],
      ["Калининград", 54.7104, 20.4522],
      ["Владивосток", 43.1155, 131.8855],
      ["Лондон", 51.5074, -0.1278],
      ["Нью-Йорк", 40.7128, -74.006],
      ["Катманду", 27.7172, 85.324],
    ],
    latitude: "Широта",
    longitude: "Долгота",
    pickSticker: "Стикер",
    reconnecting: "Соединение…",
    unread: (count) => `непрочитанных: ${count}`,
    bytes: ["Б", "КБ", "МБ"],
    dropped: "Файлы принимаются по одному",
  },
};

function preferred() {
  const chosen = memory.get("language");
  if (chosen in WORDS) return chosen;
  return navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en";
}

export let language = preferred();

/** The word for *key*; a function is called with the rest. */
export function word(key, ...values) {
  const found = WORDS[language][key];
  return typeof found === "function" ? found(...values) : found;
}

export function switchLanguage() {
  language = language === "ru" ? "en" : "ru";
  memory.set("language", language);
}

/** Put the words into the elements that index.html marks. */
export function translatePage() {
  document.documentElement.lang = language;
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  for (const node of document.querySelectorAll("[data-word-label]")) {
    const label = word(node.dataset.wordLabel);
    node.setAttribute("aria-label", label);
    if (node.tagName === "BUTTON") node.title = label;
  }
}

const DAY = 86_400_000;

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

export function clockTime(seconds) {
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(seconds * 1000);
}

export function fullTime(seconds) {
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "medium" }).format(seconds * 1000);
}

/** A key that is the same for all messages of one local day. */
export function dayKey(seconds) {
  return midnight(new Date(seconds * 1000)).getTime();
}

/** "Today", "yesterday" or a date, in the reader's own zone. */
export function dayName(seconds) {
  const day = dayKey(seconds);
  // Rounded, for a day can have 23 or 25 hours.
  const ago = Math.round((midnight(new Date()).getTime() - day) / DAY);
  if (ago === 0 || ago === 1) {
    const name = new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day");
    return name.charAt(0).toUpperCase() + name.slice(1);
  }
  const withYear = new Date(day).getFullYear() !== new Date().getFullYear();
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", ...(withYear && { year: "numeric" }) }).format(day);
}

/** For the list of people: the time of today, else a short date. */
export function shortTime(seconds) {
  if (dayKey(seconds) === midnight(new Date()).getTime()) return clockTime(seconds);
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "short" }).format(seconds * 1000);
}

export function fileSize(bytes) {
  const units = word("bytes");
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: unit ? 1 : 0 }).format(size)} ${units[unit]}`;
}
