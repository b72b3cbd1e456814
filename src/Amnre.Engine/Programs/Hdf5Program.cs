using Amnre.Engine.Hdf5;
using Amnre.Engine.Processes;
using Amnre.Engine.SampleFiles;
using PureHDF;

namespace Amnre.Engine.Programs;

/// <summary>A program that is started for each batch: it reads <c>theta</c> (n, D) float32, <c>row_seeds</c> (n) uint64 and
/// <c>rows</c> (n) uint64 from one file, and writes <c>x</c> (n, …) float32 to another.</summary>
internal sealed class Hdf5Program(ProgramManifest manifest, ProgramGuard guard, TimeProvider clock) : IRowProgram
{
    /// <summary>Beyond four times its numbers and this, a file is not what was asked for.</summary>
    private const long Overhead = 16 << 20;

    public async Task DrawAsync(RowBatch batch, Memory<float> x, CancellationToken stop)
    {
        // Only this user can enter.
        var folder = Directory.CreateTempSubdirectory("amnre-rows-").FullName;
        try
        {
            var (input, output) = (Path.Combine(folder, "input.h5"), Path.Combine(folder, "output.h5"));
            WriteInput(batch, input);
            await RunAsync(input, output, stop);
            var limit = manifest.Timeout;
            try
            {
                // Bounded too, because a damaged file can lead its reader in circles.
                await Task.Run(() => ReadOutput(output, batch, x), stop).WaitAsync(limit, clock, stop);
            }
            catch (TimeoutException late)
            {
                throw new ProgramException($"its output file could not be read within {limit.TotalSeconds} s", late);
            }
            catch (Exception faulty) when (faulty is InputException or IOException or UnauthorizedAccessException)
            {
                throw new ProgramException($"its output file: {faulty.Message}", faulty) { IsFinal = faulty is InputException };
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void WriteInput(RowBatch batch, string path)
    {
        var theta = new float[batch.Rows, batch.ThetaSize];
        batch.Theta.Span.CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref theta[0, 0], theta.Length));
        new H5File
        {
            ["theta"] = theta,
            ["row_seeds"] = batch.RowSeeds,
            ["rows"] = Enumerable.Range(0, batch.Rows).Select(i => (ulong)(batch.FirstRow + i)).ToArray(),
        }.Write(path);
    }

    private async Task RunAsync(string input, string output, CancellationToken stop)
    {
        var arguments = manifest.Command.Skip(1).Select(word => word
            .Replace(ManifestReader.InputWord, input, StringComparison.Ordinal)
            .Replace(ManifestReader.OutputWord, output, StringComparison.Ordinal));
        await using var process = ProgramProcess.Start(manifest, arguments, guard, clock, outputIsWords: true);
        await process.Input.DisposeAsync();
        var limit = manifest.Timeout + manifest.StartupTimeout;
        try
        {
            await process.WaitAsync(limit, stop);
        }
        catch (TimeoutException late)
        {
            throw new ProgramException(
                $"it did not end within {limit.TotalSeconds} s{await process.LastWordsAsync(isLeaving: false)}", late);
        }

        if (process.ExitCode != 0) throw new ProgramException($"it failed{await process.LastWordsAsync(isLeaving: true)}");
        if (!File.Exists(output)) throw new ProgramException($"it left no output file{await process.LastWordsAsync(isLeaving: true)}");
    }

    private void ReadOutput(string path, RowBatch batch, Memory<float> x)
    {
        var length = new FileInfo(path).Length;
        var most = 4L * sizeof(float) * (x.Length + batch.Theta.Length) + Overhead;
        if (length > most)
            throw new ProgramException($"its output file has {length} bytes; at most {most} were expected") { IsFinal = true };
        RefuseLargeChunks(path, most);
        using var file = SampleFile.Open(path);
        var shape = file.ObservationShape;
        if (file.Rows != batch.Rows || !(shape.SequenceEqual(manifest.ObservationShape) || shape.SequenceEqual([x.Length / batch.Rows])))
            throw new ProgramException($"x in its output file is ({string.Join(", ", [file.Rows, .. shape])}), but " +
                $"({string.Join(", ", [batch.Rows, .. manifest.ObservationShape])}) was expected")
            { IsFinal = true };
        file.Read(0, [], x.Span);
    }

    /// <summary>Chunks are unpacked whole, and an extensible dataset of few rows may have chunks of any size.</summary>
    private static void RefuseLargeChunks(string path, long most)
    {
        using var file = Hdf5File.Open(path);
        if (file.Has("x") && file.Dataset("x").ChunkBytes is var bytes && bytes > most)
            throw new ProgramException($"x in its output file lies in chunks of {bytes} bytes; at most {most} were expected")
            {
                IsFinal = true,
            };
    }
}
