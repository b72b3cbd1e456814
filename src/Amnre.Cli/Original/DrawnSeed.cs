using System.Security.Cryptography;
using Amnre.Engine;

namespace Amnre.Cli.Original;

/// <summary>A seed for those who name none.</summary>
internal static class DrawnSeed
{
    /// <summary>Small enough to be typed again.</summary>
    public static ulong Next() => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>Says which seed was drawn once there is progress: before that, input may be refused, and then nothing was drawn with
    /// it.</summary>
    /// <param name="progress">Told of the progress.</param>
    /// <param name="seed">Null where the user gave one.</param>
    /// <param name="gives">What the seed gives again.</param>
    public static IProgress<RunProgress> Announcing(this IProgress<RunProgress> progress, ulong? seed, string gives) =>
        seed is { } drawn ? new Announcement(progress, $"amnre: seed {drawn} was drawn; --seed {drawn} gives {gives} again") : progress;

    private sealed class Announcement(IProgress<RunProgress> progress, string text) : IProgress<RunProgress>
    {
        private int _said;

        public void Report(RunProgress value)
        {
            if (Interlocked.Exchange(ref _said, 1) == 0) Console.Error.WriteLine(text);
            progress.Report(value);
        }
    }
}
