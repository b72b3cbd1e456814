Amnre.Engine.Catalog.SimulatorCatalog.Add(() => new OwnSimulator.NoisyLine());
return await Amnre.Cli.AmnreCommand.RunAsync(args);
