using Amnre.Worker.Tests.Processes;

return args switch
{
    ["as-worker"] => await PlayedParts.WorkerAsync(),
    ["as-scheduler"] => await PlayedParts.SchedulerAsync(),
    _ when args.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
        await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args,
            Amnre.Worker.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
