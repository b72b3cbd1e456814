using System.Diagnostics;
using Amnre.Engine.Programs;

namespace Amnre.Engine.Tests.Programs;

/// <summary>Programs that fail in every way that programs do: an error that says how, in bounded time and memory.</summary>
public sealed class MisbehavingProgramTests : IDisposable
{
    private readonly PythonPrograms _programs = new();

    public void Dispose() => _programs.Dispose();

    [Fact]
    public void A_crash_is_tried_again()
    {
        using var simulator = _programs.Frames("if first_time('crashed'): receive(); os._exit(9)\nserve()", "processes: 1");
        PythonPrograms.AssertRows(simulator);
    }

    [Fact]
    public void A_program_that_leaves_after_each_answer_is_started_for_each_batch()
    {
        // That it has left may show only when the next batch meets its closed pipe: hence the retries.
        using var simulator = _programs.Frames("send(answer(receive())); os._exit(3)", "processes: 2\nbatch: 2\nretries: 3");
        PythonPrograms.AssertRows(simulator);
    }

    [Fact]
    public void A_program_that_always_crashes_is_named_with_its_rows_and_its_last_words()
    {
        using var simulator = _programs.Frames(
            "first_time(f'start{os.getpid()}'); print('no licence found', file=sys.stderr); sys.exit(7)", "processes: 1\nretries: 2");

        var error = Error(simulator, 4);

        Assert.Contains("simulator program: rows 0 to 3 of seed 1 failed 3 times", error, StringComparison.Ordinal);
        var theta = new float[2];
        simulator.DrawPrior(1, 0, theta);
        Assert.Contains($"Row 0 has a = {theta[0]:R}, b = {theta[1]:R}", error, StringComparison.Ordinal);
        Assert.Contains("ended with code 7", error, StringComparison.Ordinal);
        Assert.Contains("no licence found", error, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(_programs.Folder, "start*").Length);
    }

    [Fact]
    public void A_hung_program_is_killed_with_its_children_and_tried_again()
    {
        using var simulator = _programs.Frames(
            """
            if first_time('hung'):
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                child = os.fork()
                if child:
                    with open(os.path.join(here, 'pids'), 'w') as pids: pids.write(f'{os.getpid()} {child}')
                while True: time.sleep(100)
            serve()
            """,
            "processes: 1\ntimeout: 4\nstartup_timeout: 6\nretries: 5");

        PythonPrograms.AssertRows(simulator);

        Assert.All(File.ReadAllText(Path.Combine(_programs.Folder, "pids")).Split(' '), AssertGone);
    }

    [Theory]
    [InlineData("print('hello, I am ready'); sys.stdout.flush(); serve()", "begins with 'hell'")]
    [InlineData("send(b'AMRP' + bytes(20)); time.sleep(60)", "version of its reply is 0")]
    [InlineData("r = receive(); send(struct.pack('<4sIQII', b'AMRP', 1, r[0] + 1, r[1], 2)); time.sleep(60)", "batch of its reply")]
    [InlineData("r = receive(); send(struct.pack('<4sIQII', b'AMRP', 1, r[0], r[1], 3) + bytes(12 * r[1])); time.sleep(60)",
        "number of values in a row of its reply is 3, but 2 was expected")]
    [InlineData("r = receive(); send(struct.pack('<4sIQII', b'AMRP', 1, r[0], 0xFFFFFFFF, 0xFFFFFFFF)); time.sleep(60)",
        "number of rows of its reply is 4294967295, but 4 was expected")]
    [InlineData("r = receive(); send(answer(r)[:-4])",
        "output ended after 52 bytes of a reply: 28 bytes of x came, but 4 rows of 2 float32 have 32")]
    [InlineData("sys.exit(0)", "ended with code 0")]
    [InlineData("receive(); os.kill(os.getpid(), 11)", "ended by signal 11")]
    public void A_reply_that_is_none_is_refused(string script, string message)
    {
        using var simulator = _programs.Frames(script, "processes: 1\nretries: 0");
        Assert.Contains(message, Error(simulator, 4), StringComparison.Ordinal);
    }

    /// <summary>numpy's own kind of number is float64: half of its bytes would pass for numbers.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(40_000)]
    public void Float64_in_place_of_float32_is_named_and_not_retried(int rows)
    {
        using var simulator = _programs.Frames(
            """
            first_time(f'start{os.getpid()}')
            while r := receive():
                head = struct.pack('<4sIQII', b'AMRP', 1, r[0], r[1], 2)
                send(head + struct.pack(f'<{2 * r[1]}d', *([1.5] * 2 * r[1])))
            """,
            "processes: 1\nbatch: 40000\nretries: 3");

        var error = Error(simulator, rows);

        Assert.Contains(
            $"{8 * rows} bytes or more follow its reply, which has {rows} rows of 2 float32, {8 * rows} bytes. It looks " +
                "like float64", error, StringComparison.Ordinal);
        Assert.Contains("failed 1 time.", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_programs.Folder, "start*"));
    }

    [Theory]
    [InlineData("while r := receive(): send(answer(r) + b'done')", "4 bytes or more follow its reply")]
    [InlineData("send(answer(receive())); send(answer(receive()) + b'epoch 2'); serve()", "7 bytes or more follow its reply")]
    [InlineData("send(answer(receive())); r = receive(); send(b'epoch 1' + answer(r)); serve()", "begins with 'epoc'")]
    public void Bytes_beside_a_reply_are_named_and_not_retried(string script, string message)
    {
        using var simulator = _programs.Frames(script, "processes: 1\nbatch: 2\nretries: 3");

        var error = Error(simulator, 8);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("failed 1 time.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reply_of_too_few_bytes_is_named_and_not_retried()
    {
        using var simulator = _programs.Frames("while r := receive(): send(answer(r)[:-8])",
            "processes: 1\nretries: 3\ntimeout: 0.6\nstartup_timeout: 1.4");

        var error = Error(simulator, 4);

        Assert.Contains("no whole answer within 2 s: 24 bytes of x came, but 4 rows of 2 float32 have 32", error, StringComparison.Ordinal);
        Assert.Contains("failed 1 time.", error, StringComparison.Ordinal);
    }

    /// <summary>What left for a session of its own, and whose parent has ended, is neither in a group of the program nor its
    /// descendant.</summary>
    [Theory]
    [InlineData("serve()", 0)]
    [InlineData("time.sleep(100)", 0)]
    [InlineData("os._exit(3)", 0)]
    [InlineData("serve()", 3)]
    public void What_left_by_setsid_and_a_double_fork_dies_with_its_program(string then, int more)
    {
        using var simulator = _programs.Frames(Daemon(more) + then, "processes: 1\nretries: 0\ntimeout: 0.6\nstartup_timeout: 2.4");

        if (then == "serve()") PythonPrograms.AssertRows(simulator);
        else Error(simulator, 4);
        simulator.Dispose();

        Assert.All(File.ReadAllLines(Path.Combine(_programs.Folder, "pids")), AssertGone);
    }

    [Fact]
    public void What_left_a_program_that_answers_by_file_dies_with_it()
    {
        using var simulator = _programs.Hdf5(
            Daemon(0) + "import h5py, numpy as np\nwith h5py.File(sys.argv[1]) as f: n = len(f['theta'])\nh5py.File(sys.argv[2], " +
                "'w')['x'] = np.zeros((n, 2), 'f4')", "processes: 1\nretries: 0");

        simulator.Sample(1, 0, new float[8], new float[8], TestContext.Current.CancellationToken);

        Assert.All(File.ReadAllLines(Path.Combine(_programs.Folder, "pids")), AssertGone);
    }

    /// <summary>Python that leaves a daemon behind, which writes its number down and does as its parents did, so many times more.</summary>
    private static string Daemon(int more) =>
        $$"""
        def leave(more):
            if os.fork(): return
            os.setsid()
            if os.fork(): os._exit(0)
            os.chdir('/')
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.closerange(0, 100)
            with open(os.path.join(here, 'pids'), 'a') as pids: pids.write(f'{os.getpid()}\n')
            if more: leave(more - 1)
            while True: time.sleep(100)
        leave({{more}})
        while not os.path.exists(os.path.join(here, 'pids')) or len(open(os.path.join(here, 'pids')).readlines()) <= {{more}}: time.sleep(0.01)

        """;

    [Fact]
    public void Half_a_reply_is_waited_for_no_longer_than_the_manifest_says()
    {
        using var simulator = _programs.Frames("receive(); send(b'AM'); time.sleep(60)",
            "processes: 1\nretries: 0\ntimeout: 0.6\nstartup_timeout: 0.4");
        Assert.Contains("no answer within 1 s", Error(simulator, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_does_not_end_is_waited_for_no_longer_than_the_manifest_says()
    {
        using var simulator = _programs.Hdf5("time.sleep(60)", "processes: 1\nretries: 0\ntimeout: 0.6\nstartup_timeout: 0.4");
        Assert.Contains("did not end within 1 s", Error(simulator, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_output_is_refused_at_the_first_byte_too_many()
    {
        using var simulator = _programs.Frames(
            """
            r = receive()
            replies.write(answer(r))
            while True: replies.write(bytes(1 << 20))
            """,
            "processes: 1\nbatch: 1\nretries: 0");

        Assert.Contains("bytes or more follow its reply, which has 1 rows of 2 float32, 8 bytes", Error(simulator, 4),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_of_errors_blocks_nothing_and_only_its_end_is_kept()
    {
        using var simulator = _programs.Frames(
            """
            for i in range(20000): print('x' * 200, i, file=sys.stderr)
            if os.path.exists(os.path.join(here, 'fail')): sys.exit(5)
            serve()
            """,
            "processes: 1\nretries: 0");
        PythonPrograms.AssertRows(simulator);
        simulator.Dispose();
        File.WriteAllText(Path.Combine(_programs.Folder, "fail"), "");

        var error = Error(simulator, 4);

        Assert.Contains("x 19999", error, StringComparison.Ordinal);
        Assert.True(error.Length < 4000);
    }

    [Fact]
    public void A_program_that_ignores_the_end_of_its_input_is_killed()
    {
        using var simulator = _programs.Frames(
            """
            with open(os.path.join(here, 'pids'), 'w') as pids: pids.write(f'{os.getpid()}')
            serve()
            while True: time.sleep(100)
            """,
            "processes: 1");
        PythonPrograms.AssertRows(simulator);
        var clock = TimeProvider.System.GetTimestamp();

        simulator.Dispose();

        Assert.True(TimeProvider.System.GetElapsedTime(clock) < TimeSpan.FromSeconds(60));
        AssertGone(File.ReadAllText(Path.Combine(_programs.Folder, "pids")));
    }

    [Fact]
    public async Task Stopping_kills_the_program_at_once()
    {
        using var simulator = _programs.Frames(
            """
            receive()
            open(os.path.join(here, 'pids.part'), 'w').write(f'{os.getpid()}')
            os.rename(os.path.join(here, 'pids.part'), os.path.join(here, 'pids'))
            while True: time.sleep(100)
            """,
            "processes: 1");
        using var stop = new CancellationTokenSource();
        var drawing = Task.Run(() => simulator.Sample(1, 0, new float[8], new float[8], stop.Token));
        var pids = Path.Combine(_programs.Folder, "pids");
        while (!File.Exists(pids) && !drawing.IsCompleted) await Task.Delay(20, TestContext.Current.CancellationToken);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => drawing.WaitAsync(TimeSpan.FromMinutes(2)));
        AssertGone(await File.ReadAllTextAsync(pids));
    }

    [Fact]
    public void A_script_that_changes_while_rows_are_drawn_is_refused()
    {
        using var simulator = _programs.Frames("serve()");
        File.AppendAllText(Path.Combine(_programs.Folder, "program.py"), "\n");
        Assert.Contains("has changed while rows were drawn", Error(simulator, 4), StringComparison.Ordinal);
    }

    [Fact]
    public void Secrets_of_our_environment_stay_here()
    {
        Environment.SetEnvironmentVariable("AMNRE_TEST_SECRET", "s3cret");
        Environment.SetEnvironmentVariable("AMNRE_TEST_LISTED", "wanted");
        using var simulator = _programs.Frames(
            "print(sorted(os.environ.items()), file=sys.stderr); sys.exit(1)", "retries: 0\nenvironment: [AMNRE_TEST_LISTED, THREADS=1]");

        var error = Error(simulator, 1);

        Assert.DoesNotContain("s3cret", error, StringComparison.Ordinal);
        Assert.Contains("('AMNRE_TEST_LISTED', 'wanted')", error, StringComparison.Ordinal);
        Assert.Contains("('THREADS', '1')", error, StringComparison.Ordinal);
        Assert.Contains("'PATH'", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sys.exit(0)", "left no output file")]
    [InlineData("h5py.File(sys.argv[2], 'w')['x'] = np.zeros((4, 2), 'f4'); sys.exit(4)", "failed; it ended with code 4")]
    [InlineData("h5py.File(sys.argv[2], 'w')['x'] = np.zeros((4, 3), 'f4')", "x in its output file is (4, 3), but (4, 2) was expected")]
    [InlineData("h5py.File(sys.argv[2], 'w')['x'] = np.zeros((4, 2), 'f8')", "make it float32")]
    [InlineData("open(sys.argv[2], 'wb').write(os.urandom(5000))", "it is not an HDF5 file")]
    [InlineData("open(sys.argv[2], 'wb').truncate(1 << 40)", "its output file has 1099511627776 bytes")]
    [InlineData("h5py.File(sys.argv[2], 'w').create_dataset('x', data=np.zeros((4, 2), 'f4'), maxshape=(None, 2), chunks=(100_000_000, " +
        "2), compression='gzip')", "(100000000, 2) values at a time")]
    public void An_output_file_that_is_none_is_refused(string script, string message)
    {
        using var simulator = _programs.Hdf5(
            "import h5py, numpy as np\nopen(os.path.join(here, 'where'), 'w').write(sys.argv[2])\n" + script,
            "processes: 1\nretries: 0");
        Assert.Contains(message, Error(simulator, 4), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(File.ReadAllText(Path.Combine(_programs.Folder, "where")))));
    }

    [Theory]
    [InlineData("np.zeros((4, 3), 'f4')", "x in its output file is (4, 3), but (4, 2) was expected")]
    [InlineData("np.zeros((3, 2), 'f4')", "x in its output file is (3, 2), but (4, 2) was expected")]
    [InlineData("np.zeros((4, 2), 'f8')", "make it float32")]
    [InlineData("np.zeros(20_000_000, 'f4')", "at most 16777")]
    public void An_output_file_of_another_shape_or_type_is_not_retried(string x, string message)
    {
        using var simulator = _programs.Hdf5(
            $"import h5py, numpy as np\nopen(os.path.join(here, f'start{{os.getpid()}}'), 'w')\nh5py.File(sys.argv[2], " +
                $"'w')['x'] = {x}", "processes: 1\nretries: 3");

        var error = Error(simulator, 4);

        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("failed 1 time.", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_programs.Folder, "start*"));
    }

    [Fact]
    public void A_command_that_is_not_there_is_named()
    {
        using var folder = new ScratchDirectory();
        File.WriteAllText(folder["none.yaml"],
            "name: none\nparameters: { a: { uniform: [0, 1] } }\nobservation: [1]\nprotocol: frames\ncommand: [./nowhere]\nretries: 0");
        using var simulator = ProgramSimulator.Open(folder["none.yaml"], "/", TimeProvider.System);
        var error = Assert.Throws<InputException>(() => simulator.Sample(1, 0, new float[1], new float[1], default)).Message;
        Assert.Contains("nowhere", error, StringComparison.Ordinal);
        Assert.Contains("ended with code 127", error, StringComparison.Ordinal);
    }

    private static string Error(ProgramSimulator simulator, int rows) =>
        Assert.Throws<InputException>(() => simulator.Sample(1, 0, new float[2 * rows], new float[2 * rows], default)).Message;

    private static void AssertGone(string pid)
    {
        for (var wait = 0; wait < 3000; wait++)
        {
            try
            {
                using var process = Process.GetProcessById(int.Parse(pid));
                if (process.HasExited || State(pid) == 'Z') return;
            }
            catch (ArgumentException)
            {
                return;
            }

            Thread.Sleep(20);
        }

        Assert.Fail($"process {pid} still lives");
    }

    /// <summary>A killed grandchild may wait for whoever adopted it to take note.</summary>
    private static char State(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'Z';
        }
    }
}
