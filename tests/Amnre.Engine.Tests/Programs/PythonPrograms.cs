using System.Diagnostics;
using Amnre.Engine.Programs;
using Amnre.Engine.Randomness;

namespace Amnre.Engine.Tests.Programs;

/// <summary>Manifests of small Python programs in a folder of their own.</summary>
internal sealed class PythonPrograms : IDisposable
{
    private const string Python = "/usr/bin/python3";

    /// <summary>Reads requests and answers them: x is theta's first value and the row seed's low bits.</summary>
    private const string Preamble =
        """
        import os, signal, struct, sys, time
        here = os.path.dirname(os.path.abspath(__file__))
        requests, replies = sys.stdin.buffer, sys.stdout.buffer
        def first_time(name):
            try:
                os.close(os.open(os.path.join(here, name), os.O_CREAT | os.O_EXCL))
                return True
            except FileExistsError:
                return False
        def receive():
            head = requests.read(40)
            if len(head) < 40: return None
            _, _, batch, n, d, seed, first = struct.unpack("<4sIQIIQQ", head)
            seeds = struct.unpack(f"<{n}Q", requests.read(8 * n))
            theta = struct.unpack(f"<{n * d}f", requests.read(4 * n * d))
            return batch, n, d, first, seeds, theta
        def answer(request):
            batch, n, d, first, seeds, theta = request
            x = [v for i in range(n) for v in (theta[i * d], seeds[i] % 1000)]
            return struct.pack("<4sIQII", b"AMRP", 1, batch, n, 2) + struct.pack(f"<{2 * n}f", *x)
        def send(bytes):
            replies.write(bytes)
            replies.flush()
        def serve():
            while request := receive(): send(answer(request))

        """;

    private readonly ScratchDirectory _folder = new();

    public string Folder => _folder.Root;

    public static void Require(string modules)
    {
        if (!File.Exists(Python)) Assert.Skip($"there is no {Python}");
        using var process = Process.Start(new ProcessStartInfo(Python, ["-c", $"import {modules}"]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.SkipUnless(process.ExitCode == 0, $"{Python} has no {modules} (Debian: python3-numpy, python3-h5py)");
    }

    /// <summary>A program of two uniform parameters and two observed values.</summary>
    /// <param name="script">Follows functions to receive, answer and send.</param>
    /// <param name="more">Further fields of the manifest.</param>
    public ProgramSimulator Frames(string script, string more = "")
    {
        Require("struct");
        File.WriteAllText(_folder["program.py"], Preamble + script);
        return Open($"protocol: frames\ncommand: [{Python}, program.py]\n{more}");
    }

    public ProgramSimulator Hdf5(string script, string more = "")
    {
        Require("h5py");
        File.WriteAllText(_folder["program.py"], Preamble + script);
        return Open($"protocol: hdf5\ncommand: [{Python}, program.py, '{{input}}', '{{output}}']\n{more}");
    }

    /// <summary>Ten rows, each checked to be the answer of the preamble.</summary>
    public static void AssertRows(ProgramSimulator simulator, int rows = 10)
    {
        var (theta, x) = (new float[2 * rows], new float[2 * rows]);
        simulator.Sample(3, 5, theta, x, TestContext.Current.CancellationToken);
        for (var i = 0; i < rows; i++)
        {
            Assert.Equal(theta[2 * i], x[2 * i]);
            var seed = new CounterRandom(3, RandomPurpose.ProgramRows, (ulong)(5 + i)).NextUInt64();
            Assert.Equal(seed % 1000, x[2 * i + 1]);
        }
    }

    public void Dispose() => _folder.Dispose();

    private ProgramSimulator Open(string more)
    {
        File.WriteAllText(_folder["program.yaml"],
            $"name: program\nparameters: {{ a: {{ uniform: [0, 1] }}, b: {{ uniform: [-1, 1] }} }}\nobservation: [2]\n{more}");
        return ProgramSimulator.Open(_folder["program.yaml"], "/", TimeProvider.System);
    }
}
