from tests.simulator.wire import unpack, watching
from tests.simulator_process import SimulatorProcess


def frame_sizes(frames: list[bytes], version: int) -> set[int]:
    """How many messages the frames of this version hold."""
    return {
        len([body for operation, body in unpack(frame) if operation == 5])
        for frame in frames
        if frame[6:8] == version.to_bytes(2, "big") and frame[8:12] == b"\0\0\0\5"
    }


async def test_busy_rooms_fill_brotli_frames_with_4_to_32_messages() -> None:
    with SimulatorProcess("--rooms", "1", "--rate", "400", "--seed", "7") as simulator:
        async with watching(simulator.url, 90001) as viewer:
            await viewer.read_until(400)
    sizes = frame_sizes(viewer.frames, 3)
    assert max(sizes) == 32
    assert len(sizes) > 3


async def test_idle_rooms_send_plain_packets_sometimes_several_in_a_frame() -> None:
    with SimulatorProcess("--rooms", "40", "--rate", "400", "--seed", "7") as simulator:
        async with watching(simulator.url, 90001) as viewer:
            await viewer.read_until(3)
            for count in [1, 2] * 60:
                simulator.fault(repeat=count, room=90001)
            simulator.fault(cut="all")
            await viewer.read_all()
    assert frame_sizes(viewer.frames, 0) >= {1, 2}
    assert frame_sizes(viewer.frames, 3)
