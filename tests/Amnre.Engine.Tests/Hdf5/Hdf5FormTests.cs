using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Amnre.Engine.SampleFiles;

namespace Amnre.Engine.Tests.Hdf5;

/// <summary>A law: whatever the form of an HDF5 file, its rows are read as h5py reads them, or the file is refused by the name of its
/// form.</summary>
/// <remarks><c>forms.py</c> makes the forms. A small part of them is kept in <c>Golden/hdf5-forms.zip</c> for machines without
/// h5py.</remarks>
public sealed class Hdf5FormTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private const int FewestForms = 250;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Every_form_that_h5py_writes_is_read_alike_or_refused_by_name()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import h5py", []), $"no {Python} with h5py (Debian: python3-h5py)");
        Assert.True(Run("exec(open('forms.py').read())", [_scratch.Root]), "forms.py failed");

        Check(_scratch.Root, FewestForms);
    }

    [Fact]
    public void Kept_forms_are_read_as_h5py_read_them_or_refused_by_name()
    {
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Golden", "hdf5-forms.zip"), _scratch.Root);

        Check(_scratch.Root, 90);
    }

    private static void Check(string folder, int fewest)
    {
        var errors = new List<string>();
        var forms = File.ReadAllLines(Path.Combine(folder, "forms.txt"));
        foreach (var line in forms)
        {
            var words = line.Split(' ');
            if (Error(Path.Combine(folder, words[0]), [.. words.Skip(1).Select(int.Parse)]) is { } error)
                errors.Add($"{words[0]}: {error}");
        }

        Assert.True(errors.Count == 0, $"{errors.Count} of {forms.Length} forms:\n{string.Join('\n', errors)}");
        Assert.InRange(forms.Length, fewest, int.MaxValue);
    }

    private static string? Error(string form, int[] shape)
    {
        var refusal = form + ".no";
        try
        {
            using var file = SampleFile.Open(form + ".h5");
            var x = All(file);
            if (File.Exists(refusal)) return $"was read, but must be refused because it {File.ReadAllText(refusal)}";
            if (!shape.SequenceEqual([(int)file.Rows, .. file.ObservationShape]))
                return $"has shape ({file.Rows}, {string.Join(", ", file.ObservationShape)})";
            var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(form + ".f32")).ToArray();
            return Same(x, expected)
                ? Pieces(file, expected)
                : $"differs in {x.Zip(expected).Count(pair => !pair.First.Equals(pair.Second))} of {x.Length} values";
        }
        catch (InputException refused)
        {
            if (!File.Exists(refusal)) return $"was refused: {refused.Message}";
            return refused.Message.Contains(File.ReadAllText(refusal), StringComparison.Ordinal)
                ? null
                : $"was refused by other words: {refused.Message}";
        }
    }

    /// <summary>Rows read in pieces, forwards, backwards and across chunks, are those read at once.</summary>
    private static string? Pieces(SampleFile file, float[] expected)
    {
        var (rows, size) = ((int)file.Rows, expected.Length / (int)file.Rows);
        var step = Math.Max(1, rows / 40);
        foreach (var (first, count) in Enumerable.Range(0, rows / step).Select(i => (i * step, Math.Min(3, rows - i * step)))
            .Concat([(rows - 1, 1), (0, 1), (rows / 3, rows - rows / 3), (0, rows)]))
        {
            var part = new float[count * size];
            file.Read(first, [], part);
            if (!Same(part, expected.AsSpan(first * size, count * size)))
                return $"rows {first} to {first + count - 1} differ from those read at once";
        }

        return null;
    }

    private static float[] All(SampleFile file)
    {
        var x = new float[file.Rows * file.ObservationShape.Aggregate(1, (a, b) => a * b)];
        file.Read(0, [], x);
        return x;
    }

    /// <summary>Bit for bit.</summary>
    private static bool Same(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private static bool Run(string script, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", script, .. arguments])
        {
            WorkingDirectory = Path.Combine(AppContext.BaseDirectory, "Hdf5"),
        })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
