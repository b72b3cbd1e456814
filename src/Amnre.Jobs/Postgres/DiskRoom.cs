using System.Globalization;
using Amnre.Engine;

namespace Amnre.Jobs.Postgres;

/// <summary>Room on a disk that must be there before something is done: said once, waited for, and refused after a timeout.</summary>
public static class DiskRoom
{
    /// <summary>Seconds that room is waited for.</summary>
    public const string Variable = "AMNRE_DISK_PATIENCE";

    /// <summary>Bytes without which nothing is begun in a store: the least of results with its log and checkpoint, tokens, and what the
    /// database writes meanwhile.</summary>
    public const long ToBegin = 16L << 20;

    private const int DefaultSeconds = 600;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <exception cref="InputException">The variable holds no number of seconds.</exception>
    public static TimeSpan Timeout()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text) return TimeSpan.FromSeconds(DefaultSeconds);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(seconds)
            : throw new InputException($"{Variable} '{text}' is no number of seconds: write a whole number from 0");
    }

    /// <summary>Bytes that this user may still write where <paramref name="folder"/> is or would be; as many as can be where the system
    /// does not say.</summary>
    public static long Free(string folder) => FreeSpace.At(folder)?.Free ?? long.MaxValue;

    /// <summary>Returns when there is room.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="need">Bytes.</param>
    /// <param name="say">Told once, when there is none, and once when there is again.</param>
    /// <param name="clock">Measures the timeout.</param>
    /// <param name="stop">Cancels.</param>
    /// <exception cref="ServerTroubleException">There was none for <see cref="Timeout"/>.</exception>
    public static async Task WaitAsync(string folder, long need, Action<string> say, TimeProvider clock, CancellationToken stop)
    {
        var (began, timeout, told) = (clock.GetTimestamp(), Timeout(), false);
        while (Free(folder) is var free && free < need)
        {
            if (!told) say(
                $"{Lacking(folder, need, free)}: waiting for room; the timeout is {timeout.TotalSeconds:0} s ({Variable})");
            told = true;
            if (clock.GetElapsedTime(began) >= timeout)
                throw new ServerTroubleException($"{Lacking(folder, need, free)}, and that did not change within " +
                    $"{timeout.TotalSeconds:0} s ({Variable}): make room, and start again");
            await Task.Delay(LookEvery, clock, stop);
        }

        if (told) say($"there is room on the disk of {folder} again");
    }

    private static string Lacking(string folder, long need, long free) =>
        string.Create(CultureInfo.InvariantCulture,
            $"the disk of {folder} is full: {need >> 20} MiB are needed there, and {free / (double)(1 << 20):0.0} MiB are free");
}
