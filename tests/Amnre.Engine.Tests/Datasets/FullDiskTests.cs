using System.Diagnostics;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.Datasets;

/// <summary>Real small and read-only file systems. Skipped where this process may not mount any.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly ScratchDirectory _scratch = new();
    private readonly ISimulator _slcp = SimulatorCatalog.Find("SLCP");
    private bool _mounted;

    private string Disk => _scratch["disk"];

    public void Dispose()
    {
        if (_mounted) Run("umount", Disk);
        _scratch.Dispose();
    }

    [Fact]
    public void A_disk_without_room_for_the_rows_is_known_before_they_are_drawn()
    {
        Mount("size=1m");
        var drawn = new CountingProgress();
        var context = RunContexts.Quiet with { Progress = drawn };

        var error = Assert.Throws<IOException>(() => { Draw(100_000, compression: 0, context); });

        Assert.True(IsAboutSpace(error), error.ToString());
        Assert.Equal(0, drawn.Reports);
        Assert.Empty(Directory.GetFiles(Disk));
    }

    [Fact]
    public void A_disk_that_fills_up_on_the_way_leaves_nothing_half_written()
    {
        // The size of compressed rows is not known beforehand.
        Mount("size=1m");

        var error = Assert.Throws<IOException>(() => { Draw(100_000, compression: 1, RunContexts.Quiet); });

        Assert.True(IsAboutSpace(error), error.ToString());
        Assert.Empty(Directory.GetFiles(Disk));
        Draw(1000, compression: 1, RunContexts.Quiet);
        Assert.Single(Directory.GetFiles(Disk));
    }

    [Fact]
    public void A_read_only_folder_is_known_before_rows_are_drawn()
    {
        Mount("size=1m");
        Run("mount", "-o", "remount,ro", Disk);

        var error = Assert.ThrowsAny<Exception>(() => { Draw(10, compression: 0, RunContexts.Quiet); });

        Assert.True(error is IOException or UnauthorizedAccessException, error.ToString());
        Assert.Contains("ead-only", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Disk));
    }

    [Fact]
    public void An_older_file_survives_a_full_disk()
    {
        Mount("size=1m");
        Draw(1000, compression: 0, RunContexts.Quiet);
        var before = File.ReadAllBytes(Path.Combine(Disk, "out.h5"));

        Assert.Throws<IOException>(() => { Draw(100_000, compression: 1, RunContexts.Quiet); });

        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Disk, "out.h5")));
        Assert.Single(Directory.GetFiles(Disk));
    }

    private void Draw(long rows, int compression, RunContext context) =>
        DatasetDrawing.Run(
            new DrawSettings { Seed = 1, Rows = rows, ChunkRows = 4096, Compression = compression }, _slcp, Path.Combine(Disk, "out.h5"),
            context);

    // ENOSPC as the system says it, or as reserving space does.
    private static bool IsAboutSpace(IOException error) =>
        error.HResult == 28 || error.InnerException?.HResult == 28 || error.Message.Contains("space", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("disk was full", StringComparison.OrdinalIgnoreCase);

    private void Mount(string options)
    {
        Directory.CreateDirectory(Disk);
        _mounted = Run("mount", "-t", "tmpfs", "-o", options, "tmpfs", Disk);
        Assert.SkipUnless(_mounted, "this process may not mount a small tmpfs");
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private sealed class CountingProgress : IProgress<RunProgress>
    {
        public int Reports { get; private set; }

        public void Report(RunProgress value) => Reports++;
    }
}
