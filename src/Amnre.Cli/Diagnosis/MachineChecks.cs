using System.ComponentModel;
using Amnre.Engine;
using Amnre.Engine.Native;
using Amnre.Worker.Devices;
using CliWrap;
using CliWrap.Buffered;
using TorchSharp;

namespace Amnre.Cli.Diagnosis;

/// <summary>Whether this machine can train, on what, and whether a Slurm takes its requests.</summary>
internal static class MachineChecks
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    public static Finding Torch()
    {
        try
        {
            TorchLibrary.EnsureLoaded();
            using var one = torch.ones(1);
            return Origins();
        }
        catch (InputException e)
        {
            return new Finding("libtorch", Verdict.Broken, e.Message, "see 'Remedy' in the message, or use the container image");
        }
    }

    /// <summary>Another PyTorch in LD_LIBRARY_PATH, say, may stand in for a library of ours.</summary>
    private static Finding Origins()
    {
        var files = LoadedLibraries.Of("libtorch", "libc10", "libLibTorchSharp", "libgomp", "libstdc++", "libcudart");
        var home = TorchLibrary.LoadedFrom;
        var said = $"loaded; {Environment.ProcessorCount} CPUs; {string.Join(", ", files)}";
        return files.FirstOrDefault(file => Path.GetFileName(file).StartsWith("libtorch", StringComparison.Ordinal)
            && Path.GetDirectoryName(file) != home) is { } stranger
            ? new Finding("libtorch", Verdict.Doubtful, $"{stranger} is not of {home}: {said}",
                "unset LD_LIBRARY_PATH and LD_PRELOAD, or unload the module that set them")
            : new Finding("libtorch", Verdict.Fine, said);
    }

    public static async Task<Finding> GpusAsync(CancellationToken stop)
    {
        var devices = VisibleGpus.Now();
        if (devices.Count == 0) return new Finding("GPUs", Verdict.Absent, "none here, or none granted by CUDA_VISIBLE_DEVICES");
        var readings = await GpuProbe.ReadAsync(devices, stop);
        var named = readings.Count > 0 ? string.Join("; ", readings) : $"{devices.Count} granted";
        try
        {
            return torch.cuda.is_available()
                ? new Finding("GPUs", Verdict.Fine, named)
                : new Finding("GPUs", Verdict.Doubtful, $"{named}, but libtorch cannot use {(devices.Count == 1 ? "it" : "them")}",
                    $"build with -p:LibTorch=cuda, use the CUDA image, or set {TorchLibrary.FolderVariable} to the lib folder of a " +
                        "PyTorch built for CUDA; look at nvidia-smi");
        }
        catch (Exception e) when (e is InputException or DllNotFoundException or TypeInitializationException)
        {
            return new Finding("GPUs", Verdict.Doubtful, $"{named}; libtorch does not load", null);
        }
    }

    public static async Task<Finding> SlurmAsync(CancellationToken stop)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timeout.CancelAfter(Timeout);
        try
        {
            var version = await Ask("sbatch", "--version");
            var ping = await Ask("scontrol", "ping");
            return ping.ExitCode == 0 && ping.StandardOutput.Contains("UP", StringComparison.Ordinal)
                ? new Finding("Slurm", Verdict.Fine, $"{version.StandardOutput.Trim()}; {ping.StandardOutput.Trim().Split('\n')[0]}")
                : new Finding("Slurm", Verdict.Doubtful, (ping.StandardOutput + ping.StandardError).Trim().Split('\n')[0],
                    "'amnre cluster' needs it where the scheduler runs: look at SLURM_CONF, or ask the cluster's administrators");
        }
        catch (Win32Exception)
        {
            return new Finding("Slurm", Verdict.Absent,
                "its programs are not here; only 'amnre cluster' needs them, where the scheduler runs");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Finding("Slurm", Verdict.Doubtful, $"did not answer within {Timeout.TotalSeconds} s",
                "the controller is busy or unreachable: try again later");
        }

        CommandTask<BufferedCommandResult> Ask(string program, string argument) => CliWrap.Cli.Wrap(program).WithArguments([argument])
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(timeout.Token);
    }
}
