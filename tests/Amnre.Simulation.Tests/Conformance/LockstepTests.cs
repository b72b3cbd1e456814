using Amnre.Engine;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Dispatching;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Transitions;
using Amnre.Simulation.Tests.Memory;
using Amnre.Testing;

namespace Amnre.Simulation.Tests.Conformance;

/// <summary>The simulator's store and PostgreSQL go through the same random calls and must agree after every one: what the histories prove
/// of the one, they prove of the other.</summary>
public sealed class LockstepTests(TestServer server)
{
    private const int Calls = 120;

    /// <summary>All times are whole minutes: what PostgreSQL really takes for its calls comes nowhere near the difference of two.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(30);
    private static readonly RetryPolicy Policy = new()
    {
        PoisonAfter = 3,
        FirstDelay = TimeSpan.FromMinutes(20),
        LongestDelay = TimeSpan.FromMinutes(300),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Both_ledgers_agree_after_every_call(int seed)
    {
        await using var memory = new MemorySubject();
        await using var postgres = await PostgresSubject.OpenAsync(server);

        Assert.Null(await DifferenceAsync(seed, memory, postgres));
    }

    /// <summary>The calls reach far enough to tell a faulty ledger from a sound one.</summary>
    [Theory]
    [InlineData(Mutation.CommitIgnoresToken)]
    [InlineData(Mutation.RescueIgnoresLease)]
    [InlineData(Mutation.RescueKeepsToken)]
    [InlineData(Mutation.FoldLoses)]
    [InlineData(Mutation.FoldRepeats)]
    [InlineData(Mutation.TakeIgnoresDependencies)]
    [InlineData(Mutation.ClaimIgnoresState)]
    [InlineData(Mutation.BeatRevives)]
    [InlineData(Mutation.BeatForgets)]
    [InlineData(Mutation.UndeliveredForgotten)]
    [InlineData(Mutation.DamageStaysPublished)]
    [InlineData(Mutation.DamageNotRepaired)]
    public async Task A_faulty_ledger_falls_out_of_step(Mutation mutation)
    {
        var noticed = false;
        for (var seed = 1; seed <= 200 && !noticed; seed++)
        {
            await using var sound = new MemorySubject();
            await using var faulty = new MemorySubject(mutation);
            noticed = await DifferenceAsync(seed, sound, faulty) is not null;
        }

        Assert.True(noticed);
    }

    private static async Task<string?> DifferenceAsync(int seed, ILedgerSubject first, ILedgerSubject second)
    {
        var (random, one, other) = (new Random(seed), new Side(first), new Side(second));
        for (var call = 0; call < Calls; call++)
        {
            var choice = (Kind: random.Next(26), A: random.Next(1000), B: random.Next(1000), C: random.Next(1000));
            var (did, saw) = await one.DoAsync(choice);
            var (_, alsoSaw) = await other.DoAsync(choice);
            if (saw != alsoSaw) return $"seed {seed}, call {call}, {did}: {saw} and {alsoSaw}";
            var (state, alsoState) = (await one.SeenAsync(), await other.SeenAsync());
            if (state != alsoState) return $"seed {seed}, call {call}, {did}:\n{state}\nand\n{alsoState}";
        }

        return null;
    }

    /// <summary>A ledger, with the numbers that it gave to things kept out of sight.</summary>
    private sealed class Side(ILedgerSubject ledger)
    {
        private readonly List<long> _experiments = [];
        private readonly List<JobTicket> _tickets = [];
        private readonly List<long> _deliveries = [];

        public async Task<string> SeenAsync()
        {
            var lines = new List<string>();
            foreach (var experiment in _experiments)
            {
                lines.Add($"{await ledger.StateAsync(experiment)}: " + string.Join(", ", (await ledger.JobsAsync(experiment)).Select(job =>
                    $"{job.Name} {job.State} {job.Unmet} " +
                        $"{job.Attempts}{(job.Anew ? " anew" : "")}{(job.CancelAsked ? " to be cancelled" : "")}")));
            }

            return string.Join('\n', lines);
        }

        public async Task<(string Did, string Saw)> DoAsync((int Kind, int A, int B, int C) choice)
        {
            var (kind, a, b, c) = choice;
            var worker = $"w{1 + (b % 3)}";
            if (_experiments.Count == 0) kind = 0;
            var experiment = _experiments.Count == 0 ? 0 : _experiments[a % _experiments.Count];
            var jobs = experiment == 0 ? [] : await ledger.JobsAsync(experiment);
            var job = jobs.Count == 0 ? 0 : jobs[c % jobs.Count].Id;
            var ticket = _tickets.Count == 0 ? null : _tickets[^(1 + (c % Math.Min(_tickets.Count, 3)))];
            try
            {
                return kind switch
                {
                    0 => ("submit", await SubmitAsync(a, b)),
                    1 => ("register", await Unit(ledger.RegisterAsync(worker))),
                    2 or 3 => ("take", await PlacesAsync(await TakeAsync(1 + (a % 4)))),
                    4 or 5 or 6 => ("claim", await ClaimAsync(job, worker)),
                    7 or 20 or 21 => ("beat", $"{ledger.Attempts.Beat(worker, ticket?.Token, Lease, null)}"),
                    8 or 9 or 10 when ticket is not null =>
                        ("commit", $"{await ledger.Attempts.CommitAsync(ticket, ledger.Make(ticket), Cancel)}"),
                    11 when ticket is not null => ("end", $"{await EndAsync(ticket, b)}"),
                    24 or 25 when ticket is not null => ("damage", $"{await DamagedAsync(ticket, b)}"),
                    12 or 24 or 25 => ("settle", await SettleAsync()),
                    13 or 22 => ("pass", await Unit(ledger.PassAsync(TimeSpan.FromMinutes(5 + (a % 40))))),
                    14 or 23 => ("rescue", await PlacesAsync([.. (await ledger.Rescue.RescueAsync(Cancel)).Select(lost => lost.JobId)])),
                    15 => ("undelivered", await UndeliveredAsync()),
                    16 => ("late results", await LateAsync()),
                    17 when b % 3 == 0 =>
                        ("cancel", b % 2 == 0
                            ? $"{await ledger.CancelAsync(experiment)}"
                            : await PlacesAsync(await ledger.CancelJobsAsync(experiment, [job]))),
                    17 => ("lose or fetch a delivery", await DeliveryAsync(a, b)),
                    18 => ("pause or resume", b % 3 == 0
                        ? $"{await ledger.PauseAsync(experiment, b % 2 == 0)}"
                        : $"{await ledger.ResumeAsync(experiment)}"),
                    19 when b % 2 == 0 =>
                        ("retry", await PlacesAsync(
                            await ledger.RetryAsync(experiment, [.. jobs.Where(one => one.State.IsAbandoned).Select(one => one.Id)]))),
                    19 when b % 5 == 1 => ("die", $"{await ledger.ReportDeadAsync(worker)}"),
                    19 => ("rerun", await PlacesAsync(await ledger.RerunAsync(experiment, [job]))),
                    _ => ("nothing", ""),
                };
            }
            catch (Exception e) when (e is InputException or LedgerConflictException)
            {
                return ($"{kind}", e.GetType().Name);
            }
        }

        private async Task<string> SubmitAsync(int a, int b)
        {
            string[][] shapes = [["a", "b: a", "c: a", "d: b c"], ["a", "x: a", "y"], ["p", "q", "r: p q", "s: r"],
                ["a", "b", "d: a b | decide 1 x y", "e: d=x a", "f: d=y b", "g: d e? f?"]];
            var submitted = await ledger.SubmitAsync(Plans.Of($"e{a % 3}", shapes[((a % 3) + (b % 3 == 0 ? 1 : 0)) % shapes.Length]),
                a % 2);
            if (!_experiments.Contains(submitted.ExperimentId)) _experiments.Add(submitted.ExperimentId);
            return $"{_experiments.IndexOf(submitted.ExperimentId)} {submitted.Version} {submitted.Attached} " +
                $"{string.Join(' ', submitted.Jobs.Select(job => job.Runs))}";
        }

        private async Task<IReadOnlyList<long>> TakeAsync(int most)
        {
            var taken = await ledger.Dispatch.TakeAsync(JobQueues.Cpu, most, Cancel);
            _deliveries.AddRange(await ledger.Deliveries.EnqueueAsync([.. taken.Select(job => (job, JobQueues.Cpu))], Hints.None, Cancel));
            return taken;
        }

        private async Task<string> ClaimAsync(long job, string worker)
        {
            // Where one stands queued, that one.
            foreach (var experiment in _experiments)
            {
                job = (await ledger.JobsAsync(experiment)).FirstOrDefault(one => one.State == JobState.Queued)?.Id ?? job;
            }

            if (await ledger.Attempts.ClaimAsync(job, worker, Lease, Cancel) is not { } ticket) return "refused";
            _tickets.Add(ticket);
            return $"{ticket.Name} {ticket.Attempt} {string.Join(' ', ticket.Inputs.Select(input => $"{input.Job}/{input.Name}"))} " +
                $"{string.Join(' ', ticket.Unpublished)}";
        }

        private Task<bool> EndAsync(JobTicket ticket, int b) => (b % 5) switch
        {
            0 => ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Drained, null, null, Cancel),
            1 => ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Cancelled, null, null, Cancel),
            2 => ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.User, "wrong", Cancel),
            3 => ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Resource, "full", Cancel),
            _ => ledger.Attempts.EndAsync(ticket.Token, AttemptOutcome.Failed, FailureClass.Infrastructure, "away", Cancel),
        };

        /// <summary>Some of what it reads, or nothing: then what was withdrawn before.</summary>
        private Task<bool> DamagedAsync(JobTicket ticket, int b) => ledger.Attempts.DamagedAsync(
            ticket, [.. ticket.Inputs.Where((_, place) => (b >> place) % 2 == 0).Select(input => new DamagedInput(input.Token, "damaged"))],
            "damaged", Cancel);

        private async Task<string> SettleAsync()
        {
            var unsettled = await ledger.Graph.UnsettledAsync(Cancel);
            var changed = new List<string>();
            foreach (var experiment in unsettled.Order())
            {
                changed.Add($"{_experiments.IndexOf(experiment)} {(await ledger.Graph.SettleAsync(experiment, Policy, Cancel)).Count > 0}");
            }

            return string.Join(", ", changed);
        }

        private async Task<string> UndeliveredAsync()
        {
            var undelivered = await ledger.Dispatch.UndeliveredAsync(TimeSpan.FromMinutes(15), Cancel);
            foreach (var group in undelivered.GroupBy(job => job.ExperimentId))
            {
                await ledger.Graph.ConcludeAsync(group.Key,
                    [.. group.Select(job => (job.JobId, (Func<int, GraphEvent>)(place => new GraphEvent.Undelivered(place))))], Cancel);
            }

            await ledger.Dispatch.SweepDeliveriesAsync(TimeSpan.FromMinutes(60), Cancel);
            return await PlacesAsync([.. undelivered.Select(job => job.JobId)]);
        }

        private async Task<string> LateAsync()
        {
            var late = await ledger.Dispatch.LateResultsAsync(10, Cancel);
            foreach (var result in late)
                await ledger.Graph.ConcludeAsync(result.ExperimentId, [(result.JobId, place => new GraphEvent.Published(place, result.By))],
                    Cancel);
            return await PlacesAsync([.. late.Select(result => result.JobId)]);
        }

        private async Task<string> DeliveryAsync(int a, int b)
        {
            if (_deliveries.Count == 0) return "";
            var delivery = _deliveries[a % _deliveries.Count];
            return await Unit(b % 3 == 1 ? ledger.FetchAsync(delivery) : ledger.RemoveAsync(delivery));
        }

        /// <summary>Jobs as places in experiments, in no particular order.</summary>
        private async Task<string> PlacesAsync(IReadOnlyList<long> jobs)
        {
            var places = new List<string>();
            for (var n = 0; n < _experiments.Count; n++)
            {
                places.AddRange((await ledger.JobsAsync(_experiments[n])).Where(job => jobs.Contains(job.Id))
                    .Select(job => $"{n}/{job.Name}"));
            }

            return string.Join(' ', places);
        }

        private static async Task<string> Unit(Task task)
        {
            await task;
            return "";
        }
    }
}
