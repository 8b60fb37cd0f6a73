"""What `taskbot bot` is compared with: a bot of aiogram alone, which polls and echoes.

python echo.py STUB_URL
"""

import argparse

import uvloop
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def answer(message: Message) -> None:
    await message.answer(message.text or "")


async def main(url: str) -> None:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    dispatcher = Dispatcher()
    dispatcher.message.register(answer)
    print("at work", flush=True)
    async with Bot("7000000001:made-up", session=session) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    uvloop.run(main(parser.parse_args().url))
