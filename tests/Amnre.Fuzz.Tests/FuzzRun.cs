using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace Amnre.Fuzz.Tests;

/// <summary>What a target did with its inputs.</summary>
/// <param name="Parsed">Inputs that it took.</param>
/// <param name="Refused">Inputs that it refused as documented.</param>
/// <param name="Errors">Of each input that broke the law: what happened, and how to see it again.</param>
internal sealed record FuzzResult(long Parsed, long Refused, IReadOnlyList<string> Errors);

/// <summary>Gives a target its inputs one by one, on a thread with a small stack, and watches time, memory and the folder.</summary>
internal sealed class FuzzRun(FuzzTarget target, ulong seed, string kept)
{
    private const int Stack = 1 << 20, MaxErrors = 5;

    /// <summary>Of its input a parser may ask for so many times as much.</summary>
    private const long MemoryPerByte = 256;

    /// <summary>Far more than any input takes, since machines are shared.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly List<string> _errors = [];
    private long _begun = TimeProvider.System.GetTimestamp(), _number, _parsed, _refused;

    public FuzzResult Over(long first, long count)
    {
        Directory.CreateDirectory(kept);
        var scratch = Directory.CreateTempSubdirectory("amnre-fuzz-");
        // What climbs out of its folder is seen in the one above, or in that of the process.
        var inner = scratch.CreateSubdirectory("in");
        var here = Here();
        var marker = Path.Combine(kept, $"{target.Name}.current");
        try
        {
            var thread = new Thread(() => Drive(inner.FullName, marker, first, count), Stack) { IsBackground = true };
            thread.Start();
            while (!thread.Join(TimeSpan.FromMilliseconds(200)))
            {
                if (TimeProvider.System.GetElapsedTime(Volatile.Read(ref _begun)) < Limit) continue;
                var number = Volatile.Read(ref _number);
                return new FuzzResult(_parsed, _refused, [.. _errors, Kept(number, null, $"no end within {Limit.TotalSeconds} s")]);
            }

            File.Delete(marker);
            if (scratch.EnumerateFileSystemInfos().FirstOrDefault(entry => entry.Name != inner.Name) is { } stray)
                _errors.Add($"an input made '{stray.FullName}'");
            if (Here().Except(here).FirstOrDefault() is { } canary) _errors.Add($"an input made '{canary}'");
            return new FuzzResult(_parsed, _refused, _errors);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static HashSet<string> Here() =>
        [.. new[] { Environment.CurrentDirectory,
            "/tmp" }.SelectMany(folder => Directory.EnumerateFileSystemEntries(folder, "amnre-canary*"))];

    private void Drive(string scratch, string marker, long first, long count)
    {
        var seeds = target.Seeds(scratch);
        foreach (var left in Directory.EnumerateFileSystemEntries(scratch)) File.Delete(left);
        var mutator = new Mutator(seeds, [.. target.Tokens.Select(System.Text.Encoding.Latin1.GetBytes)], target.IsText);
        // Outlives the process: a stack that overflows can be caught by nobody.
        using var current = MemoryMappedFile.CreateFromFile(marker, FileMode.Create, null, sizeof(long));
        using var view = current.CreateViewAccessor();
        var path = Path.Combine(scratch, "input");
        for (var number = first; number < first + count && _errors.Count < MaxErrors; number++)
        {
            view.Write(0, number);
            Volatile.Write(ref _number, number);
            var input = mutator.Make(seed, (ulong)number);
            Volatile.Write(ref _begun, TimeProvider.System.GetTimestamp());
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Parse(input, path);
                _parsed++;
            }
            catch (Exception refusal) when (target.IsRefusal(refusal))
            {
                _refused++;
            }
            catch (Exception error)
            {
                _errors.Add(Kept(number, input, error.ToString()));
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > target.Memory + MemoryPerByte * input.Length)
                _errors.Add(Kept(number, input, $"{input.Length} bytes made it ask for {allocated >> 20} MiB"));
            if (number % 256 == 0
                && Directory.EnumerateFileSystemEntries(scratch).FirstOrDefault(entry => !entry.StartsWith(path, StringComparison.Ordinal))
                is { } stray)
                _errors.Add(Kept(number, input, $"it, or one of the 255 before, made '{stray}'"));
        }
    }

    private string Kept(long number, byte[]? input, string what)
    {
        var file = Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{seed}-{number}.bin"));
        if (input is not null) File.WriteAllBytes(file, input);
        return $"{what}\nagain: AMNRE_SEED={seed} AMNRE_FUZZ_CASE={target.Name}/{number} ./test Fuzz; the input is in {file}";
    }
}
