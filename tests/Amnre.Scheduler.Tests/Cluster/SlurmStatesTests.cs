using Amnre.Jobs.Allocations;
using Amnre.Jobs.Graph;
using Amnre.Scheduler.Cluster;

namespace Amnre.Scheduler.Tests.Cluster;

public sealed class SlurmStatesTests
{
    /// <summary>Lines of a real squeue (22.05) with SLURM_TIME_FORMAT=%s: running tasks of an array, one that waits, one that
    /// ended.</summary>
    private const string Lines =
        """
        1_0|amnre-0a1b-cpu|RUNNING|1795403377|1795403977|None
        1_1|amnre-0a1b-cpu|PENDING|N/A|N/A|Resources
        6|amnre-0a1b-cpu|COMPLETED|1795403377|1795403382|None
        slurm_load_jobs: some plugin says hello
        7_[3-5]|amnre-0a1b-cpu|PENDING|N/A|N/A|JobArrayTaskLimit
        """;

    [Fact]
    public void Lines_of_squeue_are_read_and_others_are_left_out()
    {
        var jobs = SlurmStates.Jobs(Lines);

        Assert.Equal(["1_0", "1_1", "6"], jobs.Select(job => job.Id));
        Assert.Equal([AllocationState.Running, AllocationState.Pending, AllocationState.Ended], jobs.Select(job => job.Standing));
        Assert.Equal(
            new SlurmJob("1_0", "amnre-0a1b-cpu", "RUNNING", null, DateTimeOffset.FromUnixTimeSeconds(1795403377),
                DateTimeOffset.FromUnixTimeSeconds(1795403977)), jobs[0]);
        Assert.Equal(("Resources", null), (jobs[1].Reason, jobs[1].End));
    }

    [Theory]
    [InlineData("17\n", "17")]
    [InlineData("17;cluster2\n", "17")]
    [InlineData("Good morning.\n17\n", "17")]
    [InlineData("Submitted\n", null)]
    [InlineData("", null)]
    public void The_number_of_a_submission_is_found(string answer, string? id) => Assert.Equal(id, SlurmStates.Submitted(answer));

    [Fact]
    public void The_limit_of_arrays_is_found_among_the_settings()
    {
        Assert.Equal(1001,
            SlurmStates.MaxArraySize(
                "MailProg                = /usr/bin/mail\nMaxArraySize            = 1001\nMaxBatchRequeue         = 5\n"));
        Assert.Null(SlurmStates.MaxArraySize("nothing of the kind"));
    }

    [Theory]
    [InlineData(1, 4, new[] { 1 })]
    [InlineData(4, 4, new[] { 4 })]
    [InlineData(9, 4, new[] { 4, 4, 1 })]
    [InlineData(0, 4, new int[0])]
    public void Many_tasks_are_split_over_arrays(int count, int most, int[] sizes) => Assert.Equal(sizes, SlurmStates.Arrays(count, most));

    [Theory]
    [InlineData("TIMEOUT", FailureClass.Preempted)]
    [InlineData("PREEMPTED", FailureClass.Preempted)]
    [InlineData("NODE_FAIL", FailureClass.Preempted)]
    [InlineData("OUT_OF_MEMORY", FailureClass.Resource)]
    [InlineData("FAILED", FailureClass.Infrastructure)]
    [InlineData("COMPLETED", FailureClass.Infrastructure)]
    public void No_end_of_an_allocation_is_the_users_fault(string state, FailureClass blame)
    {
        Assert.Equal(AllocationState.Ended, SlurmStates.Standing(state));
        Assert.Equal(blame, SlurmStates.Blame(state));
    }

    [Fact]
    public void Back_off_doubles_up_to_a_quarter_of_an_hour()
    {
        Assert.Equal([15, 30, 60], Enumerable.Range(0, 3).Select(failures => SlurmStates.BackOff(failures).TotalSeconds));
        Assert.Equal(TimeSpan.FromMinutes(15), SlurmStates.BackOff(1000));
    }

    [Fact]
    public void A_submission_says_what_the_pool_says_and_the_sites_own_options_come_last()
    {
        var pool = new PoolSettings
        {
            Cpus = 2,
            Memory = 4096,
            Gpus = 2,
            CpuWorkers = 1,
            Time = new TimeSpan(1, 30, 5),
            Program = "/p",
            Store = "/s",
            Options = ["--partition=a"],
        };

        var options = SlurmCluster.Submission("amnre-x-y", pool, "/s/slurm/worker.sbatch", 3, TimeSpan.FromSeconds(50.2));

        Assert.Equal(
            ["--job-name=amnre-x-y", "--array=0-2", "--nodes=1", "--ntasks=1", "--cpus-per-task=2", "--mem=4096M", "--gres=gpu:2",
                "--time=90:05", "--signal=B:USR2@51",
            "--output=/s/logs/slurm-%A_%a.out", "--open-mode=append", "--requeue", "--export=ALL", "--partition=a",
            "/s/slurm/worker.sbatch", "--gpus-per-worker=1", "--cpu-workers=1"], options);
    }
}
