"""Tests of the threads that call the application."""

import asyncio
import threading

import pytest

from config.buffering.thread_pool import ThreadPool

THREADS = 4


async def submit_one_after_the_other(pool, times):
    names = []
    for _ in range(times):
        names.append(await pool.submit(lambda: threading.current_thread().name))
        await asyncio.sleep(0.01)
    return names


async def submit_at_once(pool, times):
    barrier = threading.Barrier(times, timeout=10)

    def meet():
        barrier.wait()
        return threading.current_thread().name

    return await asyncio.gather(*(pool.submit(meet) for _ in range(times)))


async def submit_more_than_threads(pool, times):
    return await asyncio.gather(*(pool.submit(lambda number=number: number) for number in range(times)))


def test_requests_one_after_the_other_are_served_by_the_same_thread():
    names = asyncio.run(submit_one_after_the_other(ThreadPool(THREADS), 10))

    assert len(set(names)) == 1


def test_requests_at_once_are_served_by_all_threads():
    names = asyncio.run(submit_at_once(ThreadPool(THREADS), THREADS))

    assert len(set(names)) == THREADS


def test_requests_wait_in_order_while_all_threads_are_busy():
    assert asyncio.run(submit_more_than_threads(ThreadPool(1), 20)) == list(range(20))


def test_an_error_reaches_whoever_waits_and_the_thread_goes_on():
    async def fail_then_succeed():
        pool = ThreadPool(1)
        with pytest.raises(ZeroDivisionError):
            await pool.submit(lambda: 1 / 0)
        return await pool.submit(lambda: "served")

    assert asyncio.run(fail_then_succeed()) == "served"
