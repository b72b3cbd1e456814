namespace Amnre.Testing;

/// <summary>Commands of the documents that no test runs, each with its reason. What they give to <c>amnre</c> is parsed
/// nevertheless.</summary>
public static class CommandsNotRun
{
    private const string Hours = "takes hours and is about figures, not about whether it runs";
    private const string Large = "takes gigabytes and is about figures",
        Simulated = "takes gigabytes; the tests run it with a hundredth of the jobs";
    private const string Benchmark = "takes minutes to hours and is about figures; a test runs it with 200 simulations";
    private const string Cluster = "needs a cluster; the files are played by podman, and what they start is parsed";
    private const string Image = "needs Docker's daemon or Apptainer; the script is run with a program in its place";

    public static IReadOnlyDictionary<string, string> Reasons { get; } = new Dictionary<string, string>
    {
        ["./test"] = "runs the tests, the one that would run it among them",
        ["dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- --optimum " +
            "benchmarks/Amnre.Benchmarks/slcp-optimum.csv 16384"] = "takes minutes and is about figures",
        ["amnre run experiments/slcp-quality.yaml"] = Hours,
        ["amnre export slcp-quality --json > quality.json"] = Hours,
        ["dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- --quality quality.json --document docs/results.md"] = Hours,
        ["AMNRE_SCALE_JOBS=1000000 AMNRE_SCALE_WORKERS=1000 dotnet run -c Release --project benchmarks/Amnre.Benchmarks -- " +
            "ScaleBenchmark"] = Large,
        ["AMNRE_SCALE_JOBS=1000000 dotnet run -c Release --project tests/Amnre.Simulation.Tests -- -class " +
            "Amnre.Simulation.Tests.Scale.ScaleTests -showliveoutput"] = Simulated,
        ["amnre benchmark sbibm --tasks two-moons --budgets 1e3"] = Benchmark,
        ["amnre benchmark sbibm --tasks two-moons,slcp --budgets 1e3,1e4 --methods nre-c,amnre,npe -o results/sbibm"] = Benchmark,
        ["amnre benchmark sbibm --tasks sir --budgets 1e4 --print > sir.yaml"] = Benchmark,
        ["amnre run sir.yaml"] = Benchmark,
        ["amnre benchmark sbibm --tasks two-moons --references sbibm/sbibm/tasks"] = "needs the benchmark's own files; a test writes some",
        ["docker build --file deploy/docker/Dockerfile --tag amnre:cpu ."] =
            "fetches and builds for minutes; what it made is what the tests of containers run",
        ["docker build --file deploy/docker/Dockerfile --tag amnre:cuda --build-arg LIBTORCH=cuda ."] = "fetches gigabytes",
        ["kubectl create secret generic amnre --from-literal=postgres-password=\"$(openssl rand -hex 24)\" " +
            "--from-literal=dashboard-token=\"$(openssl rand -hex 24)\""] = Cluster,
        ["kubectl apply --filename deploy/docker/kube.yaml"] = Cluster,
        ["kubectl apply --filename deploy/docker/kube-workers.yaml"] = Cluster,
        ["kubectl exec -i deployment/amnre -c scheduler -- sh -c 'cat > /tmp/study.yaml && amnre submit /tmp/study.yaml' < " +
            "experiments/quickstart.yaml"] = Cluster,
        ["docker save --output amnre.tar amnre:cpu"] = Image,
        ["apptainer build /shared/amnre.sif docker-archive://amnre.tar"] = Image,
    };
}
